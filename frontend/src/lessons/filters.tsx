import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { Field } from "@/components/field";
import { useTranslation } from "@/i18n";
import { Select } from "@/review/select";
import { AREAS, LEVELS, topicsQuery, type Wanted } from "./lessons-api";

const SEARCH_AFTER_MS = 300;

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
      <SearchBox key={wanted.words === "" ? "empty" : "kept"} kept={wanted.words} onWant={onWant} />
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

function SearchBox({ kept, onWant }: { kept: string; onWant: FiltersProps["onWant"] }) {
  const { t } = useTranslation();
  const [text, setText] = useState(kept);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onWant({ words: text.trim() });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the wait
  useEffect(() => {
    if (text.trim() === kept) return;
    const timer = setTimeout(() => onWant({ words: text.trim() }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <search className="max-lg:col-span-2">
      <form onSubmit={submit}>
        <Field
          label={t("lessons.search")}
          type="search"
          name="search"
          autoComplete="off"
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.target.value)}
          trailing={<Search aria-hidden className="me-3 size-4 text-quiet" />}
        />
      </form>
    </search>
  );
}
