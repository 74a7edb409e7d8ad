import { Ear } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { part } from "@/pwa/stale";
import type { ListeningRoom } from "@/talk/livekit-room";
import { reviewApi } from "./review-api";
import { refusalWords } from "./words";

/** Hearing a call that goes on; the learner sees it, and may end it. */
export function ListenIn({ callId, onOver }: { callId: string; onOver: () => unknown }) {
  const { t } = useTranslation();
  const room = useRef<ListeningRoom | null>(null);
  const [listening, setListening] = useState(false);
  const leave = () => {
    void room.current?.disconnect();
    room.current = null;
    setListening(false);
  };
  const listen = useChange(
    async () => {
      const { ListeningRoom } = await part(() => import("@/talk/livekit-room"));
      const pass = await reviewApi.listen(callId);
      const entered = new ListeningRoom(() => {
        room.current = null;
        setListening(false);
        void onOver();
      });
      room.current = entered;
      await entered.connect({ serverUrl: pass.server_url, token: pass.participant_token });
    },
    () => setListening(room.current !== null),
  );
  useEffect(() => () => void room.current?.disconnect(), []);
  return (
    <section className="grid gap-2 rounded-card border border-line bg-surface p-4" data-testid="listen-in">
      <p className="text-sm text-quiet">{t(listening ? "review.listening" : "review.listenLead")}</p>
      <Button
        look={listening ? "danger" : "secondary"}
        busy={listen.isPending}
        onClick={() => (listening ? leave() : listen.mutate())}
        data-testid="listen"
        data-listening={listening}
        className="justify-self-start"
      >
        <Ear aria-hidden className="size-4" />
        {t(listening ? "review.listenStop" : "review.listen")}
      </Button>
      {listen.isError && (
        <Message tone="warning" urgent>
          {refusalWords(t, listen.error)}
        </Message>
      )}
    </section>
  );
}
