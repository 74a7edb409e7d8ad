import { Volume2 } from "lucide-react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { useSpeech } from "@/lib/speech";

/** Says a sentence in the coach's voice. */
export function HearButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const say = useSpeech(text);
  return (
    <>
      <Button look="secondary" busy={say.isPending} onClick={() => say.mutate()} data-testid="hear">
        {!say.isPending && <Volume2 aria-hidden className="size-4" />}
        {t("practice.hear")}
      </Button>
      {say.isError && (
        <p role="alert" className="w-full text-sm text-danger">
          {t(errorKey(say.error))}
        </p>
      )}
    </>
  );
}
