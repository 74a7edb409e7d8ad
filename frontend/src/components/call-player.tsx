import { useQuery } from "@tanstack/react-query";
import { LoaderCircle, Pause, Play, RotateCcw } from "lucide-react";
import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { useTranslation } from "@/i18n";
import { formatClock } from "@/lib/format";
import { type Recording, recordingQuery } from "@/lib/recording";
import { recall, remember } from "@/lib/store";
import { Failure } from "./failure";
import { Skeleton } from "./states";
import { Waveform } from "./waveform";

export const SPEEDS = [0.75, 1, 1.25, 1.5] as const;
const SPEED_KEY = "avaaz.playerSpeed";
const STEP_S = 5;
const PAGE_S = 30;
/** A link that ends sooner than this is replaced before it is played. */
const EXPIRES_SOON_MS = 30_000;

export interface PlayerHandle {
  /** Goes to a place and, unless told otherwise, plays from there. `until` stops it. */
  seekTo(seconds: number, options?: { play?: boolean; until?: number }): void;
  pause(): void;
}

export interface CallPlayerProps {
  callId: string;
  ref?: Ref<PlayerHandle>;
  /** Told of each new place, some times a second, for showing what is heard. */
  onTime?: (seconds: number, playing: boolean) => void;
  /** Places worth a mark on the waveform, in seconds, such as comments. */
  marks?: readonly number[];
}

/**
 * The recording of a call with what one needs to listen to it. Its texts are the volume `recording`, which the
 * page's route opens. Draws nothing where the call was not recorded.
 */
export function CallPlayer({ callId, ...rest }: CallPlayerProps) {
  const { t } = useTranslation();
  const recording = useQuery(recordingQuery(callId));
  if (recording.data === undefined) {
    if (!recording.isError) return <Skeleton rows={1} />;
    return (
      <Failure
        title={t("recording.failed")}
        error={recording.error}
        busy={recording.isFetching}
        onRetry={() => void recording.refetch()}
      />
    );
  }
  const { state } = recording.data;
  if (state === "none") return null;
  if (state !== "ready") {
    return (
      <p
        role="status"
        data-testid="player"
        data-state={state}
        className="flex items-center gap-3 rounded-card border border-line bg-surface p-4 text-quiet"
      >
        {state === "processing" && <LoaderCircle aria-hidden className="size-5 shrink-0 animate-spin" />}
        {t(`recording.state_${state}`)}
      </p>
    );
  }
  const renew = async () => {
    await recording.refetch();
  };
  return <Player {...rest} recording={recording.data} renew={renew} />;
}

interface PlayerProps extends Omit<CallPlayerProps, "callId"> {
  recording: Recording;
  /** Asks for another link, where the one there is has run out. */
  renew: () => Promise<void>;
}

function usePlayback({ recording, renew, onTime }: Pick<PlayerProps, "recording" | "renew" | "onTime">) {
  const audio = useRef<HTMLAudioElement>(null);
  const [time, setTime] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState(false);
  const until = useRef<number | null>(null);
  /** What to do once another link is there. */
  const waiting = useRef<{ at: number; play: boolean } | null>(null);
  const renewed = useRef(false);

  const replaceLink = useCallback(
    (at: number, play: boolean) => {
      waiting.current = { at, play };
      void renew();
    },
    [renew],
  );

  const seekTo = useCallback(
    (seconds: number, { play = true, until: end }: { play?: boolean; until?: number } = {}) => {
      const element = audio.current;
      if (element === null) return;
      const at = Math.min(Math.max(0, seconds), recording.duration_s ?? 0);
      until.current = end ?? null;
      setTime(at);
      const ends = recording.expires_at ? Date.parse(recording.expires_at) : 0;
      if (play && ends - Date.now() < EXPIRES_SOON_MS && !renewed.current) {
        renewed.current = true;
        replaceLink(at, play);
        return;
      }
      element.currentTime = at;
      if (play) void element.play().catch(() => undefined);
    },
    [recording.duration_s, recording.expires_at, replaceLink],
  );

  const handlers = {
    onTimeUpdate: () => {
      const element = audio.current;
      if (element === null || waiting.current !== null) return;
      if (until.current !== null && element.currentTime >= until.current) {
        until.current = null;
        element.pause();
      }
      setTime(element.currentTime);
      onTime?.(element.currentTime, !element.paused);
    },
    onPlay: () => {
      setPlaying(true);
      setBroken(false);
      onTime?.(audio.current?.currentTime ?? 0, true);
    },
    onPause: () => {
      setPlaying(false);
      onTime?.(audio.current?.currentTime ?? 0, false);
    },
    onLoadedMetadata: () => {
      const element = audio.current;
      const wanted = waiting.current;
      if (element === null || wanted === null) return;
      waiting.current = null;
      renewed.current = false;
      element.currentTime = wanted.at;
      if (wanted.play) void element.play().catch(() => undefined);
    },
    onError: () => {
      if (renewed.current) {
        waiting.current = null;
        renewed.current = false;
        setPlaying(false);
        setBroken(true);
        return;
      }
      renewed.current = true;
      replaceLink(time, playing);
    },
  };
  return { audio, time, playing, broken, seekTo, handlers };
}

function useSpeed(audio: { current: HTMLAudioElement | null }) {
  const [speed, setSpeed] = useState(() => {
    const kept = Number(recall("local", SPEED_KEY));
    return SPEEDS.find((one) => one === kept) ?? 1;
  });
  useEffect(() => {
    if (audio.current === null) return;
    audio.current.defaultPlaybackRate = speed;
    audio.current.playbackRate = speed;
  }, [audio, speed]);
  const choose = (wanted: number) => {
    setSpeed(SPEEDS.find((one) => one === wanted) ?? 1);
    remember("local", SPEED_KEY, String(wanted));
  };
  return { speed, choose };
}

function Player({ recording, renew, onTime, marks = [], ref }: PlayerProps) {
  const { t } = useTranslation();
  const { audio, time, playing, broken, seekTo, handlers } = usePlayback({
    recording,
    renew,
    ...(onTime ? { onTime } : {}),
  });
  const { speed, choose } = useSpeed(audio);
  const duration = recording.duration_s ?? 0;
  useImperativeHandle(ref, () => ({ seekTo, pause: () => audio.current?.pause() }), [seekTo, audio]);

  const toggle = () => (playing ? audio.current?.pause() : seekTo(time >= duration - 0.2 ? 0 : time));
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const steps: Record<string, number> = {
      ArrowLeft: -STEP_S,
      ArrowDown: -STEP_S,
      ArrowRight: STEP_S,
      ArrowUp: STEP_S,
      PageDown: -PAGE_S,
      PageUp: PAGE_S,
    };
    const step = steps[event.key];
    if (event.key === " ") toggle();
    else if (step !== undefined) seekTo(time + step, { play: playing });
    else return;
    event.preventDefault();
  };

  return (
    <section
      aria-label={t("recording.player")}
      data-testid="player"
      data-state="ready"
      data-playing={playing}
      className="grid gap-3 rounded-card border border-line bg-surface p-3 sm:p-4"
    >
      <audio ref={audio} src={recording.url ?? undefined} preload="metadata" {...handlers} />
      <div className="flex items-center gap-3">
        <button
          type="button"
          onClick={toggle}
          data-testid="player-play"
          aria-label={t(playing ? "recording.pause" : "recording.play")}
          className="grid size-12 shrink-0 place-items-center rounded-full bg-primary text-on-primary transition-colors hover:bg-primary-strong"
        >
          {playing ? (
            <Pause aria-hidden className="size-5" />
          ) : (
            <Play aria-hidden className="ms-0.5 size-5" />
          )}
        </button>
        <div className="relative h-14 min-w-0 grow rounded-lg has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus">
          <Waveform peaks={recording.peaks} played={duration > 0 ? time / duration : 0} />
          {marks.map((mark) => (
            <span
              key={mark}
              aria-hidden
              style={{ insetInlineStart: `${(100 * mark) / Math.max(duration, 1)}%` }}
              className="pointer-events-none absolute -top-1 size-2 -translate-x-1/2 rounded-full bg-danger rtl:translate-x-1/2"
            />
          ))}
          <input
            type="range"
            min={0}
            max={duration}
            step="any"
            value={time}
            aria-label={t("recording.place")}
            aria-valuetext={t("recording.placeOf", {
              place: formatClock(time),
              whole: formatClock(duration),
            })}
            data-testid="player-seek"
            onChange={(event) => seekTo(Number(event.target.value), { play: playing })}
            onKeyDown={onKeyDown}
            className="absolute inset-0 size-full cursor-pointer opacity-0"
          />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="text-sm tabular-nums" data-testid="player-time">
          {formatClock(time)} <span className="text-quiet">/ {formatClock(duration)}</span>
        </p>
        <button
          type="button"
          onClick={() => seekTo(time - STEP_S, { play: playing })}
          aria-label={t("recording.back")}
          className="flex min-h-11 items-center gap-1.5 rounded-full px-3 text-sm font-semibold hover:bg-sunken"
        >
          <RotateCcw aria-hidden className="size-4" />
          {STEP_S}
        </button>
        <label className="ms-auto flex items-center gap-2 text-sm">
          <span className="text-quiet">{t("recording.speed")}</span>
          <select
            value={speed}
            data-testid="player-speed"
            onChange={(event) => choose(Number(event.target.value))}
            className="min-h-11 rounded-lg border border-line bg-surface px-2 font-semibold"
          >
            {SPEEDS.map((one) => (
              <option key={one} value={one}>
                {one} ×
              </option>
            ))}
          </select>
        </label>
      </div>
      <ul className="flex gap-4 text-sm text-quiet" aria-label={t("recording.voices")}>
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-full bg-learner-vivid" />
          {t("recording.learner")}
        </li>
        <li className="flex items-center gap-1.5">
          <span aria-hidden className="size-2.5 rounded-full bg-coach" />
          {t("recording.coach")}
        </li>
      </ul>
      {broken && (
        <p role="alert" className="text-sm text-danger">
          {t("recording.broken")}
        </p>
      )}
    </section>
  );
}
