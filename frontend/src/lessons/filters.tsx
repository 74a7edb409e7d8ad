import { useQuery } from "@tanstack/react-query";
import { SearchBox } from "@/components/search-box";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import { LEVELS } from "@/lib/levels";
import { AREAS, topicsQuery, type Wanted } from "./lessons-api";

interface FiltersProps {
  wanted: Wanted;
  onWant: (change: Partial<Wanted>) => void;
}

/** What to list: words, level, part of life, topic. */
export function Filters({ wanted, onWant }: FiltersProps) {
  const { t } = useTranslation();
  const topics = useQuery(topicsQuery).data ?? [];
  const all = { value: "", label: t("lessons.all") };
  return (
    <div className="grid grid-cols-2 items-end gap-3 lg:grid-cols-[minmax(0,2fr)_repeat(3,minmax(0,1fr))]">
      <SearchBox
        label={t("lessons.search")}
        className="max-lg:col-span-2"
        most={200}
        kept={wanted.words}
        onSearch={(words) => onWant({ words })}
      />
      <Select
        label={t("lessons.level")}
        value={wanted.level ?? ""}
        options={[all, ...LEVELS.map((level) => ({ value: level, label: level, own: true }))]}
        onChange={(event) => onWant({ level: LEVELS.find((one) => one === event.target.value) ?? null })}
      />
      <Select
        label={t("lessons.area")}
        value={wanted.area ?? ""}
        options={[all, ...AREAS.map((area) => ({ value: area, label: t(`lessons.area_${area}`) }))]}
        onChange={(event) => onWant({ area: AREAS.find((one) => one === event.target.value) ?? null })}
      />
      <Select
        label={t("lessons.topic")}
        className="max-lg:col-span-2"
        value={wanted.topic ?? ""}
        options={[all, ...topics.map((topic) => ({ value: topic, label: topic, own: true }))]}
        onChange={(event) => onWant({ topic: event.target.value || null })}
      />
    </div>
  );
}
