import { useId, useState } from "react";
import { useEditor } from "./editor";
import { at, type Place } from "./lesson";

interface WordListProps {
  place: Place;
  label: string;
  hint: string;
  /** What stands between two of them, beside a new line. */
  comma?: boolean;
  /** Shown while the box is empty. */
  example?: string;
}

/** Phrases or words, one a line. What is typed stays as it is until the writer leaves the box. */
export function WordList({ place, label, hint, comma = false, example }: WordListProps) {
  const id = useId();
  const { content, set } = useEditor();
  const items = ((at(content, place) ?? []) as string[]).filter(Boolean);
  const [typed, setTyped] = useState<string | null>(null);
  const read = (text: string) =>
    text
      .split(comma ? /[\n,]/ : "\n")
      .map((one) => one.trim())
      .filter(Boolean);
  return (
    <div data-place={place.join(".")} className="grid gap-1.5">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <textarea
        id={id}
        name={place.join(".")}
        rows={Math.min(6, Math.max(2, items.length + 1))}
        dir="auto"
        aria-describedby={`${id}-hint`}
        placeholder={example}
        value={typed ?? items.join("\n")}
        onChange={({ target }) => {
          setTyped(target.value);
          set(place, read(target.value));
        }}
        onBlur={() => setTyped(null)}
        className="w-full rounded-xl border border-line bg-surface px-4 py-3 placeholder:text-quiet hover:border-primary"
      />
      <p id={`${id}-hint`} className="text-sm text-quiet">
        {hint}
      </p>
    </div>
  );
}
