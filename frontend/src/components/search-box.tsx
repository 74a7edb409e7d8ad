import { Search } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { Field } from "./field";

const SEARCH_AFTER_MS = 300;

interface SearchBoxProps {
  label: string;
  /** What is searched for, as the address has it. */
  kept: string;
  most: number;
  onSearch: (words: string) => void;
  className?: string;
}

/** Searches a moment after the last key, or at once by Enter. What is cleared elsewhere is cleared here. */
export function SearchBox({ label, kept, most, onSearch, className }: SearchBoxProps) {
  const [box, setBox] = useState({ text: kept, seen: kept, sent: kept });
  if (kept !== box.seen) {
    setBox(kept === box.sent ? { ...box, seen: kept } : { text: kept, seen: kept, sent: kept });
  }
  const words = box.text.trim();
  useEffect(() => {
    if (words === box.sent) return;
    const timer = setTimeout(() => {
      setBox((now) => ({ ...now, sent: words }));
      onSearch(words);
    }, SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [words, box.sent, onSearch]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBox({ ...box, sent: words });
    onSearch(words);
  };
  return (
    <search className={className}>
      <form onSubmit={submit}>
        <Field
          label={label}
          type="search"
          name="search"
          autoComplete="off"
          maxLength={most}
          value={box.text}
          onChange={(event) => setBox({ ...box, text: event.target.value })}
          trailing={<Search aria-hidden className="me-3 size-4 text-quiet" />}
        />
      </form>
    </search>
  );
}
