/** The learner's answer, recorded: held in this page's memory, sent once to be heard, kept nowhere. */

import { useCallback, useEffect, useRef, useState } from "react";
import { close, openMicrophone } from "@/device/sound-check";
import { toTalkError } from "@/talk/problems";
import type { Problem } from "@/talk/types";
import { toWav } from "./wav";

const LONGEST_MS = 29_000;

export const canRecord = (): boolean =>
  typeof MediaRecorder !== "undefined" && typeof OfflineAudioContext !== "undefined";

export interface Voice {
  state: "idle" | "opening" | "recording";
  problem: Problem | null;
  start: () => void;
  stop: () => void;
}

/** `onSound` is given the recording as it can be played and as the API takes it. */
export function useVoice(onSound: (sound: Blob, wav: Blob) => void): Voice {
  const [state, setState] = useState<Voice["state"]>("idle");
  const [problem, setProblem] = useState<Problem | null>(null);
  const running = useRef<(() => void) | null>(null);
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      running.current?.();
    };
  }, []);

  const start = useCallback(async () => {
    setProblem(null);
    setState("opening");
    try {
      const { stream } = await openMicrophone(null);
      if (gone.current) return close(stream);
      const sound = await recorded(stream, (stop) => {
        running.current = stop;
        setState("recording");
      });
      running.current = null;
      if (gone.current) return;
      setState("idle");
      onSound(sound, await toWav(sound));
    } catch (error) {
      setState("idle");
      setProblem(toTalkError(error).problem);
    }
  }, [onSound]);

  return { state, problem, start: () => void start(), stop: () => running.current?.() };
}

function recorded(stream: MediaStream, begun: (stop: () => void) => void): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  const limit = setTimeout(stop, LONGEST_MS);
  return new Promise((resolve) => {
    recorder.addEventListener("stop", () => {
      clearTimeout(limit);
      close(stream);
      resolve(new Blob(pieces, { type: recorder.mimeType }));
    });
    recorder.start();
    begun(stop);
  });
}
