import { Check } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "@/i18n";
import { watchLevel } from "./sound-check";

/** Louder than a quiet room by far. */
const HEARD = 0.12;

/** The voice as a bar, and in words once it has been heard. */
export function LevelBar({ stream }: { stream: MediaStream }) {
  const { t } = useTranslation();
  const labelId = useId();
  const fill = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const [heard, setHeard] = useState(false);

  useEffect(() => {
    setHeard(false);
    return watchLevel(stream, (level) => {
      fill.current?.style.setProperty("inline-size", `${Math.round(level * 100)}%`);
      bar.current?.setAttribute("aria-valuenow", String(Math.round(level * 100)));
      if (level > HEARD) setHeard(true);
    });
  }, [stream]);

  return (
    <div className="grid gap-1.5">
      <span id={labelId} className="font-semibold">
        {t("device.level")}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot be drawn alike in all browsers */}
      <div
        ref={bar}
        role="meter"
        aria-labelledby={labelId}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={0}
        className="h-5 overflow-hidden rounded-full bg-sunken"
      >
        <div ref={fill} className="h-full w-0 rounded-full bg-learner-vivid" />
      </div>
      <p role="status" data-testid="device-heard" data-heard={heard} className="flex items-center gap-1.5">
        {heard && <Check aria-hidden className="size-5 text-coach" />}
        <span className={heard ? "font-semibold" : "text-quiet"}>
          {t(heard ? "device.heard" : "device.speak")}
        </span>
      </p>
    </div>
  );
}
