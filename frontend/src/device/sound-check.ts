/** A microphone opened to be looked at: its level, its neighbours, a recording. */

import { microphoneConstraints } from "@/lib/microphone";
import { TalkError } from "@/talk/problems";

/** Long enough for a sentence. */
export const RECORDING_SECONDS = 8;

export interface OpenMicrophone {
  stream: MediaStream;
  deviceId: string | null;
  devices: MediaDeviceInfo[];
}

/**
 * Opens a microphone and lists the others, whose names browsers tell only then.
 *
 * Rejects with a `TalkError`, or with the browser's `DOMException`.
 */
export async function openMicrophone(deviceId: string | null): Promise<OpenMicrophone> {
  if (!window.isSecureContext || navigator.mediaDevices === undefined) throw new TalkError("insecure_origin");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: microphoneConstraints(deviceId) });
  const all = await navigator.mediaDevices.enumerateDevices();
  const track = stream.getAudioTracks()[0];
  return {
    stream,
    deviceId: track?.getSettings().deviceId ?? null,
    devices: all.filter((device) => device.kind === "audioinput"),
  };
}

export function close(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Tells the loudness between 0 and 1 at every frame, until the returned stop is called. */
export function watchLevel(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let frame = 0;
  const step = () => {
    analyser.getFloatTimeDomainData(samples);
    const rms = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    tell(Math.min(1, rms * 6));
    frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
  return () => {
    cancelAnimationFrame(frame);
    void context.close();
  };
}

export const canRecord = (): boolean => typeof MediaRecorder !== "undefined";

/** Records until `stop` or for `RECORDING_SECONDS`; `done` gives the sound. */
export function record(stream: MediaStream): { stop: () => void; done: Promise<Blob> } {
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  const stop = () => {
    if (recorder.state !== "inactive") recorder.stop();
  };
  const limit = setTimeout(stop, RECORDING_SECONDS * 1000);
  const done = new Promise<Blob>((resolve) => {
    recorder.addEventListener("stop", () => {
      clearTimeout(limit);
      resolve(new Blob(pieces, { type: recorder.mimeType }));
    });
  });
  recorder.start();
  return { stop, done };
}
