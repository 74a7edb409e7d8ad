import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { ChangeList } from "./change-list";
import { useEditor } from "./editor";

const ICONS = {
  saved: CircleCheck,
  waiting: CircleDashed,
  saving: LoaderCircle,
  failed: CircleAlert,
  refused: CircleAlert,
  conflict: CircleAlert,
} as const;

/** Whether what was written is kept, always in the same place. */
export function SaveState() {
  const { t } = useTranslation();
  const { saving } = useEditor();
  const Icon = ICONS[saving];
  const bad = saving === "failed" || saving === "conflict" || saving === "refused";
  return (
    <p
      role="status"
      data-testid="save-state"
      data-state={saving}
      className={
        bad ? "flex items-center gap-2 font-semibold text-danger" : "flex items-center gap-2 text-quiet"
      }
    >
      <Icon aria-hidden className={saving === "saving" ? "size-4 animate-spin" : "size-4"} />
      {t(`authoring.state_${saving}`)}
    </p>
  );
}

/** Somebody else has saved meanwhile: what differs, and whose it is to be. */
export function Conflict() {
  const { t } = useTranslation();
  const { conflict, takeMine, takeTheirs } = useEditor();
  if (conflict === null) return null;
  const { savedBy, changes } = conflict;
  return (
    <Message
      tone="warning"
      urgent
      testId="conflict"
      title={t("authoring.changedTitle")}
      actions={
        <>
          <Button look="secondary" onClick={takeMine}>
            {t("authoring.takeMine")}
          </Button>
          <Button look="quiet" onClick={takeTheirs}>
            {t("authoring.takeTheirs")}
          </Button>
        </>
      }
    >
      <p>{savedBy ? t("authoring.changedBy", { name: savedBy }) : t("authoring.changedBody")}</p>
      <ChangeList changes={changes} before={t("authoring.theirs")} after={t("authoring.mine")} />
    </Message>
  );
}
