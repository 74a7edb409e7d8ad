import { Link } from "@tanstack/react-router";
import { Mic, MicOff } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { chooseMicrophone, chosenMicrophone } from "@/lib/microphone";
import { useTitle } from "@/lib/title";
import { toTalkError } from "@/talk/problems";
import { LevelBar } from "./level-bar";
import { Recording } from "./recording";
import { close, type OpenMicrophone, openMicrophone } from "./sound-check";

const PROBLEMS = ["no_microphone", "permission_denied", "microphone_busy", "insecure_origin"] as const;
type DeviceProblem = (typeof PROBLEMS)[number];

function problemOf(error: unknown): DeviceProblem {
  const { problem } = toTalkError(error);
  return PROBLEMS.find((known) => known === problem) ?? "microphone_busy";
}

/** The microphone as this page holds it; whatever happens, it is let go when the page is left. */
function useMicrophone() {
  const [opened, setOpened] = useState<OpenMicrophone | null>(null);
  const [problem, setProblem] = useState<DeviceProblem | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => () => void (opened && close(opened.stream)), [opened]);

  const open = useCallback(async (deviceId: string | null) => {
    setBusy(true);
    setProblem(null);
    try {
      setOpened(await openMicrophone(deviceId));
    } catch (error) {
      setOpened(null);
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  }, []);
  return { opened, problem, busy, open, off: () => setOpened(null) };
}

/** Whether one can be heard, found out before anybody listens. */
export function DevicePage() {
  const { t } = useTranslation();
  const { opened, problem, busy, open, off } = useMicrophone();
  useTitle(t("device.title"));
  const start = () => void open(chosenMicrophone());

  return (
    <div className="mx-auto grid w-full max-w-xl gap-6 px-4 py-8 sm:py-12">
      <div className="grid gap-1">
        <h1 className="text-3xl font-bold sm:text-4xl">{t("device.title")}</h1>
        <p className="text-lg text-quiet">{t("device.lead")}</p>
      </div>
      {problem !== null && (
        <Message
          tone="danger"
          urgent
          testId={`device-${problem}`}
          title={t(`talk.problems.${problem}.title`)}
          actions={<Button onClick={start}>{t("common.retry")}</Button>}
        >
          {t(`device.problems.${problem}`)}
        </Message>
      )}
      {opened === null && problem === null && (
        <Button busy={busy} onClick={start} className="min-h-14 text-lg" data-testid="device-open">
          <Mic aria-hidden className="size-5" />
          {t(busy ? "device.opening" : "device.open")}
        </Button>
      )}
      {opened !== null && (
        <>
          <section className="grid gap-5 rounded-card border border-line bg-surface p-4 sm:p-6">
            <Picker
              opened={opened}
              onPick={(deviceId) => {
                chooseMicrophone(deviceId);
                void open(deviceId);
              }}
            />
            <LevelBar stream={opened.stream} />
          </section>
          <Recording key={opened.stream.id} stream={opened.stream} />
          <Button look="secondary" onClick={off} className="justify-self-start">
            <MicOff aria-hidden className="size-5" />
            {t("device.off")}
          </Button>
        </>
      )}
      <Link
        to="/help"
        className="flex min-h-11 items-center justify-self-start font-semibold text-primary underline"
      >
        {t("device.help")}
      </Link>
    </div>
  );
}

function Picker({ opened, onPick }: { opened: OpenMicrophone; onPick: (deviceId: string) => void }) {
  const { t } = useTranslation();
  return (
    <label className="grid gap-1.5">
      <span className="font-semibold">{t("device.microphone")}</span>
      <select
        data-testid="device-picker"
        value={opened.deviceId ?? ""}
        onChange={(event) => onPick(event.target.value)}
        className="min-h-12 w-full rounded-xl border border-line bg-surface px-3 hover:border-primary"
      >
        {opened.devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || t("device.unnamed", { number: index + 1 })}
          </option>
        ))}
      </select>
      <span className="text-sm text-quiet">{t("device.kept")}</span>
    </label>
  );
}
