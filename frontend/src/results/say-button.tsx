import { Volume2 } from "lucide-react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { useSpeech } from "@/lib/speech";

/** The longest that the API says at once. */
const LONGEST = 300;

/** Says English words in the coach's voice, as a model. `about` tells screen readers which. */
export function SayButton({ text, about }: { text: string; about?: string }) {
  const { t } = useTranslation();
  const say = useSpeech(text.slice(0, LONGEST));
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Button
        look="secondary"
        busy={say.isPending}
        onClick={() => say.mutate()}
        data-testid="say"
        aria-label={about}
      >
        {!say.isPending && <Volume2 aria-hidden className="size-4" />}
        {t("results.hearModel")}
      </Button>
      {say.isError && (
        <span role="alert" className="text-sm text-danger">
          {t(errorKey(say.error))}
        </span>
      )}
    </span>
  );
}
