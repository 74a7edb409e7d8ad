/** Sentences said aloud in the coach's voice, one at a time. */

import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { client, read } from "./api";

let newest = 0;
let playing: HTMLAudioElement | null = null;

/** Ends what is being said, or would be in a moment. */
function hush(): void {
  newest += 1;
  playing?.pause();
  playing = null;
}

/** Done as soon as it is heard; rejects where it cannot be. */
async function say(text: string): Promise<void> {
  hush();
  const wanted = newest;
  const sound = await read(client.POST("/api/v1/speech", { body: { text }, parseAs: "blob" }));
  if (wanted !== newest) return;
  const address = URL.createObjectURL(sound as unknown as Blob);
  const audio = new Audio(address);
  const forget = () => URL.revokeObjectURL(address);
  audio.addEventListener("pause", forget);
  audio.addEventListener("error", forget);
  playing = audio;
  await audio.play();
}

/** Says an English sentence, in place of what was being said; silent once the page shows it no more. */
export function useSpeech(text: string) {
  useEffect(() => hush, []);
  return useMutation({ mutationFn: () => say(text) });
}
