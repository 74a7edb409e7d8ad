/** What the reader should know of network, version and cookies; silent in a call, whose own words go first. */

import { CloudOff, Cookie, Sparkles } from "lucide-react";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { useCookiesRefused } from "@/lib/cookies";
import { useInCall } from "@/lib/in-call";
import { useReachable } from "@/lib/reachable";
import { applyUpdate, onUpdate, updateState } from "./updates";

export function Notices() {
  const { t } = useTranslation();
  const calling = useInCall();
  const reachable = useReachable();
  const cookiesRefused = useCookiesRefused();
  const update = useSyncExternalStore(onUpdate, updateState);
  const notices = [
    !reachable && <Offline key="offline" />,
    cookiesRefused && <Cookies key="cookies" />,
    reachable && update !== "none" && <Update key="update" />,
  ].filter(Boolean);
  if (calling || notices.length === 0) return null;
  return (
    <section
      aria-label={t("pwa.label")}
      className="fixed inset-x-3 bottom-3 z-40 mx-auto grid max-w-md gap-2 [&>*]:border [&>*]:border-line [&>*]:shadow-xl"
    >
      {notices}
    </section>
  );
}

/** Can be put away until it is true anew. */
function Dismissable({ children }: { children: (dismiss: () => void) => ReactNode }) {
  const [shown, setShown] = useState(true);
  return shown ? children(() => setShown(false)) : null;
}

function Offline() {
  const { t } = useTranslation();
  return (
    <Dismissable>
      {(dismiss) => (
        <Message
          tone="warning"
          icon={CloudOff}
          testId="offline"
          title={t("pwa.offlineTitle")}
          onDismiss={dismiss}
        >
          {t("pwa.offlineBody")}
        </Message>
      )}
    </Dismissable>
  );
}

function Cookies() {
  const { t } = useTranslation();
  return (
    <Message tone="danger" urgent icon={Cookie} testId="cookies-off" title={t("pwa.cookiesTitle")}>
      {t("pwa.cookiesBody")}
    </Message>
  );
}

function Update() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(false);
  const apply = async () => {
    setBusy(true);
    setRefused(!(await applyUpdate()));
    setBusy(false);
  };
  return (
    <Dismissable>
      {(dismiss) => (
        <Message
          icon={Sparkles}
          testId="update"
          title={t("pwa.updateTitle")}
          onDismiss={dismiss}
          actions={
            <Button busy={busy} onClick={() => void apply()}>
              {t("pwa.updateNow")}
            </Button>
          }
        >
          {t(refused ? "pwa.updateBusy" : "pwa.updateBody")}
        </Message>
      )}
    </Dismissable>
  );
}
