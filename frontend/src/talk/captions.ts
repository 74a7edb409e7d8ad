/** Captions as they grow: each segment keeps its place and is replaced by its later versions. */

import type { Caption, Delivery, TranscriptionPart } from "./types";

/** More than an hour of talk; older lines stay in the record and leave the screen. */
const MAX_CAPTIONS = 600;

function upsert(captions: readonly Caption[], caption: Caption): Caption[] {
  const at = captions.findIndex((known) => known.id === caption.id);
  if (at === -1) return [...captions, caption].slice(-MAX_CAPTIONS);
  return captions.map((known, index) => (index === at ? caption : known));
}

/** A late interim result never takes back what was already final. */
export function withTranscription(captions: readonly Caption[], part: TranscriptionPart): readonly Caption[] {
  const known = captions.find((caption) => caption.id === part.segmentId);
  if (known?.final && !part.final) return captions;
  const text = part.text.trim();
  if (text === "" && known === undefined) return captions;
  return upsert(captions, {
    id: part.segmentId,
    role: part.fromLearner ? "learner" : "coach",
    text: text === "" && known !== undefined ? known.text : text,
    final: part.final,
    typed: false,
    delivery: "heard",
    earlier: false,
  });
}

export function withTyped(captions: readonly Caption[], id: string, text: string): Caption[] {
  return upsert(captions, {
    id,
    role: "learner",
    text,
    final: true,
    typed: true,
    delivery: "queued",
    earlier: false,
  });
}

export function withDelivery(captions: readonly Caption[], id: string, delivery: Delivery): Caption[] {
  return captions.map((caption) => (caption.id === id ? { ...caption, delivery } : caption));
}

/** Earlier turns go before everything heard since, and are put there once. */
export function withEarlier(captions: readonly Caption[], earlier: readonly Caption[]): Caption[] {
  const known = new Set(captions.map((caption) => caption.id));
  return [...earlier.filter((caption) => !known.has(caption.id)), ...captions];
}

/** Nothing more will come for a line once its speaker has gone. */
export function allFinal(captions: readonly Caption[]): Caption[] {
  return captions.map((caption) => (caption.final ? caption : { ...caption, final: true }));
}
