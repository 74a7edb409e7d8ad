import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Bookmark, ChartColumn, NotebookPen, Scale } from "lucide-react";
import { Button, buttonClass } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { More } from "@/components/more";
import { SearchBox } from "@/components/search-box";
import { Select } from "@/components/select";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { isForbidden } from "@/lib/error-text";
import { useTitle } from "@/lib/title";
import { useMedia } from "@/lib/use-media";
import { programsQuery } from "@/organisations/organisations-api";
import { LearnerCards, LearnerTable } from "./learner-rows";
import { NotForLearners } from "./refusals";
import { type Learner, learnersQuery, SORTS, type Sort, type Wanted } from "./review-api";

/** By name one reads from A; of everything else the most comes first. */
function usualOrder(sort: Sort): Wanted["order"] {
  return sort === "name" || sort === "due" ? "asc" : "desc";
}

function readWanted(search: Record<string, unknown>): Wanted {
  const sort = SORTS.find((one) => one === search.sort) ?? "activity";
  const order = search.order === "asc" || search.order === "desc" ? search.order : usualOrder(sort);
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return { sort, order, search: text(search.q), program: text(search.program) || null };
}

/** Everybody whom the instructor looks after. */
export function LearnersPage() {
  const { t } = useTranslation();
  const wanted = readWanted(useSearch({ strict: false }));
  const navigate = useNavigate();
  useTitle(t("review.title"));
  const want = (change: Partial<Wanted>) => {
    const { sort, order, search, program } = { ...wanted, ...change };
    void navigate({
      to: "/review",
      replace: true,
      search: { sort, order, ...(search ? { q: search } : {}), ...(program ? { program } : {}) },
    });
  };
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-6 px-4 py-8">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="grid gap-1">
          <h1 className="text-3xl font-bold">{t("review.title")}</h1>
          <p className="text-lg text-quiet">{t("review.lead")}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Link to="/authoring" className={buttonClass("secondary")}>
            <NotebookPen aria-hidden className="size-4" />
            {t("review.lessons")}
          </Link>
          <Link to="/review/calibration" className={buttonClass("secondary")}>
            <Scale aria-hidden className="size-4" />
            {t("review.calibration")}
          </Link>
          <Link to="/review/bookmarks" className={buttonClass("secondary")}>
            <Bookmark aria-hidden className="size-4" />
            {t("review.bookmarks")}
          </Link>
        </div>
      </header>
      <Learners wanted={wanted} onWant={want} />
    </div>
  );
}

interface LearnersProps {
  wanted: Wanted;
  onWant: (change: Partial<Wanted>) => void;
}

function Learners({ wanted, onWant }: LearnersProps) {
  const { t } = useTranslation();
  const learners = useInfiniteQuery(learnersQuery(wanted));
  if (isForbidden(learners.error)) return <NotForLearners />;
  return (
    <>
      <Filters wanted={wanted} onWant={onWant} />
      {learners.data ? (
        <>
          <Found
            wanted={wanted}
            onWant={onWant}
            learners={learners.data.pages.flatMap((page) => page.items)}
            total={learners.data.pages[0]?.total ?? 0}
          />
          <More list={learners} title={t("review.failed")} />
        </>
      ) : learners.isError ? (
        <Failure
          title={t("review.failed")}
          error={learners.error}
          busy={learners.isFetching}
          onRetry={() => void learners.refetch()}
        />
      ) : (
        <Skeleton rows={6} />
      )}
    </>
  );
}

function Filters({ wanted, onWant }: LearnersProps) {
  const { t } = useTranslation();
  const programs = useQuery(programsQuery);
  const wide = useMedia("(min-width: 64rem)");
  const sorts = SORTS.map((sort) => ({ value: sort, label: t(`review.sortBy_${sort}`) }));
  const shown = wanted.program ?? (programs.data?.length === 1 ? programs.data[0]?.id : undefined);
  const known = (programs.data ?? []).map(({ id, name }) => ({ value: id, label: name, own: true }));
  return (
    <div className="flex flex-wrap items-end gap-3">
      <SearchBox
        label={t("review.search")}
        className="w-full sm:w-80"
        most={100}
        kept={wanted.search}
        onSearch={(search) => onWant({ search })}
      />
      {known.length > 1 && (
        <Select
          label={t("review.program")}
          className="max-sm:grow"
          value={wanted.program ?? ""}
          options={[{ value: "", label: t("review.allPrograms") }, ...known]}
          onChange={(event) => onWant({ program: event.target.value || null })}
        />
      )}
      {shown && (
        <Link
          to="/review/programs/$programId"
          params={{ programId: shown }}
          className="flex min-h-11 items-center gap-2 font-semibold text-primary underline"
        >
          <ChartColumn aria-hidden className="size-4" />
          {t("review.programFigures")}
        </Link>
      )}
      {!wide && (
        <Select
          label={t("review.sort")}
          className="max-sm:grow"
          value={wanted.sort}
          options={sorts}
          onChange={(event) => {
            const sort = SORTS.find((one) => one === event.target.value) ?? "activity";
            onWant({ sort, order: usualOrder(sort) });
          }}
        />
      )}
    </div>
  );
}

interface FoundProps extends LearnersProps {
  learners: Learner[];
  total: number;
}

function Found({ wanted, onWant, learners, total }: FoundProps) {
  const { t } = useTranslation();
  const wide = useMedia("(min-width: 64rem)");
  if (learners.length === 0) return <Nobody wanted={wanted} onWant={onWant} />;
  const sortBy = (sort: Sort) => {
    const again = sort === wanted.sort;
    onWant({ sort, order: again ? (wanted.order === "asc" ? "desc" : "asc") : usualOrder(sort) });
  };
  return (
    <>
      <p role="status" className="text-quiet">
        {t("review.found", { count: total })}
      </p>
      {learners.every((learner) => learner.last_activity_at === null) && (
        <Message>{t("review.nobodySpoke")}</Message>
      )}
      {wide ? (
        <LearnerTable learners={learners} sort={wanted.sort} order={wanted.order} onSort={sortBy} />
      ) : (
        <LearnerCards learners={learners} />
      )}
    </>
  );
}

/** Why nobody is shown: nobody is found, nobody is enrolled, or there is no program to be in. */
function Nobody({ wanted, onWant }: LearnersProps) {
  const { t } = useTranslation();
  const programs = useQuery(programsQuery);
  if (wanted.search) {
    return (
      <Empty
        title={t("review.nobodyFound")}
        body={t("review.nobodyFoundBody")}
        action={<Button onClick={() => onWant({ search: "", program: null })}>{t("review.clear")}</Button>}
      />
    );
  }
  if (programs.data?.length === 0)
    return <Empty title={t("review.noPrograms")} body={t("review.noProgramsBody")} />;
  return <Empty title={t("review.noLearners")} body={t("review.noLearnersBody")} />;
}
