import { useMutation } from "@tanstack/react-query";
import { Volume2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { speak } from "./practice-api";

/** Says a sentence in the coach's voice. */
export function HearButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const playing = useRef<HTMLAudioElement | null>(null);
  useEffect(() => () => playing.current?.pause(), []);
  const say = useMutation({
    mutationFn: async () => {
      playing.current?.pause();
      const address = URL.createObjectURL(await speak(text));
      const audio = new Audio(address);
      playing.current = audio;
      audio.addEventListener("ended", () => URL.revokeObjectURL(address));
      await audio.play();
    },
  });
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
