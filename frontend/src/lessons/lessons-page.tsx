import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ListChecks, Target } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { LEVELS } from "@/lib/levels";
import { useTitle } from "@/lib/title";
import { CurrentLesson } from "./current-lesson";
import { Filters } from "./filters";
import { LessonCard } from "./lesson-card";
import { AREAS, type Lesson, lessonsQuery, NO_FILTER, recommendedQuery, type Wanted } from "./lessons-api";

function readWanted(search: Record<string, unknown>): Wanted {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    level: LEVELS.find((one) => one === search.level) ?? null,
    area: AREAS.find((one) => one === search.area) ?? null,
    topic: text(search.topic) || null,
    words: text(search.q),
  };
}

function isFiltered({ level, area, topic, words }: Wanted): boolean {
  return level !== null || area !== null || topic !== null || words !== "";
}

/** Everything that can be learned here, what to take next, and what the next call brings. */
export function LessonsPage() {
  const { t } = useTranslation();
  const wanted = readWanted(useSearch({ strict: false }));
  const navigate = useNavigate();
  useTitle(t("lessons.title"));
  const want = (change: Partial<Wanted>) => {
    const { level, area, topic, words } = { ...wanted, ...change };
    void navigate({
      to: "/lessons",
      replace: true,
      search: {
        ...(level ? { level } : {}),
        ...(area ? { area } : {}),
        ...(topic ? { topic } : {}),
        ...(words ? { q: words } : {}),
      },
    });
  };
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-8 px-4 py-8">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="grid gap-1">
          <h1 className="text-3xl font-bold">{t("lessons.title")}</h1>
          <p className="text-lg text-quiet">{t("lessons.lead")}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Link to="/exams" className={buttonClass("secondary")}>
            <ListChecks aria-hidden className="size-4" />
            {t("lessons.mockExams")}
          </Link>
          <Link to="/lessons/objectives" className={buttonClass("secondary")}>
            <Target aria-hidden className="size-4" />
            {t("lessons.objectives")}
          </Link>
        </div>
      </header>
      <CurrentLesson />
      {!isFiltered(wanted) && <Recommended />}
      <section className="grid gap-4">
        <h2 className="text-2xl font-semibold">{t("lessons.allLessons")}</h2>
        <Filters wanted={wanted} onWant={want} />
        <Catalogue wanted={wanted} onClear={() => want(NO_FILTER)} />
      </section>
    </div>
  );
}

/** Where nothing is recommended, or that could not be asked, the list below serves as well. */
function Recommended() {
  const { t } = useTranslation();
  const found = useQuery(recommendedQuery).data ?? [];
  if (found.length === 0) return null;
  return (
    <section className="grid gap-4">
      <h2 className="text-2xl font-semibold">{t("lessons.recommended")}</h2>
      <ul className="grid gap-3 md:grid-cols-3" data-testid="recommended">
        {found.map(({ lesson, reason }) => (
          <li key={lesson.id}>
            <LessonCard lesson={lesson} reason={reason} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Catalogue({ wanted, onClear }: { wanted: Wanted; onClear: () => void }) {
  const { t } = useTranslation();
  const lessons = useInfiniteQuery(lessonsQuery(wanted));
  if (lessons.data === undefined) {
    if (!lessons.isError) return <Skeleton rows={4} />;
    return (
      <Failure
        title={t("lessons.failed")}
        error={lessons.error}
        busy={lessons.isFetching}
        onRetry={() => void lessons.refetch()}
      />
    );
  }
  const items = lessons.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return isFiltered(wanted) ? (
      <Empty
        title={t("lessons.noneFound")}
        body={t("lessons.noneFoundBody")}
        action={<Button onClick={onClear}>{t("lessons.clear")}</Button>}
      />
    ) : (
      <Empty title={t("lessons.none")} body={t("lessons.noneBody")} />
    );
  }
  return (
    <>
      {LEVELS.map((level) => (
        <Level key={level} level={level} lessons={items.filter((lesson) => lesson.level === level)} />
      ))}
      <More list={lessons} title={t("lessons.failed")} />
    </>
  );
}

function Level({ level, lessons }: { level: string; lessons: Lesson[] }) {
  if (lessons.length === 0) return null;
  return (
    <div className="grid gap-3">
      <p className="font-display text-lg font-bold text-quiet" translate="no">
        {level}
      </p>
      <ul className="grid gap-3 md:grid-cols-2" data-testid="lessons">
        {lessons.map((lesson) => (
          <li key={lesson.id}>
            <LessonCard lesson={lesson} />
          </li>
        ))}
      </ul>
    </div>
  );
}
