import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { Modal } from "@/components/modal";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { formatDay } from "@/lib/format";
import { authoringApi, type Draft, type Version, versionQuery, versionsQuery } from "./authoring-api";
import { ChangeList } from "./change-list";
import { refusalWords } from "./words";

interface HistoryDialogProps {
  lessonId: string;
  /** The version of the draft that is on screen. */
  seen: string;
  onReverted: (draft: Draft) => void;
  onClose: () => void;
}

/** All versions of a lesson: what each changed, and going back to one. */
export function HistoryDialog({ lessonId, seen, onReverted, onClose }: HistoryDialogProps) {
  const { t } = useTranslation();
  const versions = useQuery(versionsQuery(lessonId));
  const [shown, setShown] = useState<number | null>(null);
  const revert = useChange(
    (number: number) => authoringApi.revert(lessonId, number, seen),
    (draft) => {
      onReverted(draft);
      onClose();
    },
  );
  return (
    <Modal title={t("authoring.history")} testId="history" width="wide" onClose={onClose}>
      {versions.data ? (
        <ul className="grid divide-y divide-line">
          {versions.data.map((version) => (
            <li key={version.number} className="grid gap-2 py-3 first:pt-0">
              <Line
                version={version}
                open={shown === version.number}
                busy={revert.isPending}
                onShow={() => setShown(shown === version.number ? null : version.number)}
                onRevert={() => revert.mutate(version.number)}
              />
              {shown === version.number && <Changes lessonId={lessonId} number={version.number} />}
            </li>
          ))}
        </ul>
      ) : versions.isError ? (
        <Failure
          title={t("authoring.historyFailed")}
          error={versions.error}
          onRetry={() => void versions.refetch()}
        />
      ) : (
        <Skeleton rows={2} />
      )}
      {revert.isError && (
        <Message tone="danger" urgent>
          {refusalWords(t, revert.error)}
        </Message>
      )}
      <Button look="secondary" className="justify-self-end" onClick={onClose}>
        {t("authoring.close")}
      </Button>
    </Modal>
  );
}

interface LineProps {
  version: Version;
  open: boolean;
  busy: boolean;
  onShow: () => void;
  onRevert: () => void;
}

function Line({ version, open, busy, onShow, onRevert }: LineProps) {
  const { t, i18n } = useTranslation();
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p className="min-w-0">
        <span className="font-semibold">{t("authoring.versionNumber", { number: version.number })}</span>{" "}
        <span className="text-quiet">
          {t(`authoring.version_${version.state}`)} ·{" "}
          <time dateTime={version.changed_at}>{formatDay(version.changed_at, i18n.language)}</time>
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" aria-expanded={open} onClick={onShow}>
          {t("authoring.whatChanged")}
        </Button>
        {version.state !== "draft" && (
          <Button look="secondary" busy={busy} onClick={onRevert}>
            {t("authoring.revert")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Changes({ lessonId, number }: { lessonId: string; number: number }) {
  const { t } = useTranslation();
  const version = useQuery(versionQuery(lessonId, number));
  if (version.isError)
    return (
      <Failure
        title={t("authoring.historyFailed")}
        error={version.error}
        onRetry={() => void version.refetch()}
      />
    );
  if (!version.data) return <Skeleton rows={1} />;
  if (version.data.against === null) return <p className="text-quiet">{t("authoring.firstVersion")}</p>;
  return (
    <ChangeList changes={version.data.changes} before={t("authoring.before")} after={t("authoring.after")} />
  );
}
