import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Field } from "@/components/field";
import { Empty, Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { meQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";
import { BringFiles } from "./bring-files";
import { DocumentRow } from "./document-row";
import { documentsQuery, searchQuery } from "./documents-api";
import { FoundList } from "./found-list";

/** The material that the coach answers from: brought here, searched here, removed here. */
export function DocumentsPage() {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  const documents = useQuery(documentsQuery);
  const [question, setQuestion] = useState("");
  useTitle(t("documents.title"));
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6 px-4 py-8">
      <header className="grid gap-1">
        <h1 tabIndex={-1} className="text-3xl font-bold outline-none">
          {t("documents.title")}
        </h1>
        <p className="text-lg text-quiet">{t("documents.lead")}</p>
      </header>
      {documents.isError && !documents.data ? (
        <Failure
          title={t("documents.failed")}
          error={documents.error}
          busy={documents.isFetching}
          onRetry={() => void documents.refetch()}
        />
      ) : documents.data && me ? (
        <>
          <BringFiles role={me.role} mostBytes={documents.data.mostBytes} />
          {documents.data.items.length > 0 && <SearchBox onAsk={setQuestion} />}
          {question && documents.data.items.length > 0 ? (
            <Results question={question} onClose={() => setQuestion("")} />
          ) : (
            <List items={documents.data.items} />
          )}
        </>
      ) : (
        <Skeleton rows={4} />
      )}
    </div>
  );
}

function List({ items }: { items: Parameters<typeof DocumentRow>[0]["material"][] }) {
  const { t } = useTranslation();
  if (items.length === 0) return <Empty title={t("documents.empty")} body={t("documents.emptyBody")} />;
  return (
    <ul className="grid gap-3" data-testid="documents">
      {items.map((material) => (
        <DocumentRow key={material.id} material={material} />
      ))}
    </ul>
  );
}

function SearchBox({ onAsk }: { onAsk: (question: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAsk(text.trim());
  };
  return (
    <search>
      <form onSubmit={submit} className="flex items-end gap-2">
        <Field
          className="grow"
          label={t("documents.search")}
          type="search"
          name="q"
          maxLength={500}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (event.target.value === "") onAsk("");
          }}
        />
        <Button type="submit" look="secondary" className="min-h-12" disabled={text.trim() === ""}>
          <Search aria-hidden className="size-4" />
          <span className="max-sm:sr-only">{t("documents.searchAction")}</span>
        </Button>
      </form>
    </search>
  );
}

function Results({ question, onClose }: { question: string; onClose: () => void }) {
  const { t } = useTranslation();
  const found = useQuery(searchQuery(question));
  return (
    <section className="grid gap-3" aria-live="polite" data-testid="results">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="text-xl font-semibold">
          {t("documents.found")} <q translate="no">{question}</q>
        </h2>
        <Button look="quiet" onClick={onClose}>
          {t("documents.showAll")}
        </Button>
      </div>
      {found.data ? (
        <FoundList items={found.data} />
      ) : found.isError ? (
        <Failure
          title={t("documents.searchFailed")}
          error={found.error}
          busy={found.isFetching}
          onRetry={() => void found.refetch()}
        />
      ) : (
        <Skeleton rows={2} />
      )}
    </section>
  );
}
