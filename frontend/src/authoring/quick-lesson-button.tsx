import { useNavigate } from "@tanstack/react-router";
import { GraduationCap } from "lucide-react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { useForgettingLessons } from "@/lessons/use-taking";
import { useTalkEngine } from "@/talk/provider";
import { authoringApi } from "./authoring-api";
import { refusalWords } from "./words";

/** One step from a document to a lesson about it: it is made, begun, and talked through on the next page. */
export function QuickLessonButton({ documentId }: { documentId: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const engine = useTalkEngine();
  const forget = useForgettingLessons();
  const make = useChange(
    async () => {
      const begun = await authoringApi.quickLesson(documentId);
      await engine.hangUp();
      return begun;
    },
    async () => {
      await forget();
      await navigate({ to: "/" });
    },
  );
  return (
    <div className="grid gap-2">
      <Button
        look="secondary"
        data-testid="quick-lesson"
        busy={make.isPending}
        onClick={() => make.mutate()}
        className="justify-self-start"
      >
        <GraduationCap aria-hidden className="size-4" />
        {t("authoring.quickLesson")}
      </Button>
      {make.isError && (
        <Message tone="danger" urgent>
          {refusalWords(t, make.error)}
        </Message>
      )}
    </div>
  );
}
