/** The languages that learners come from, named in the reader's language and in themselves. */

/** Tags of the languages with the most speakers and of those most taught from; the names are the browser's. */
const TAGS = (
  "af am ar as az be bg bn bs ca ckb cs cy da de el es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id ig is it " +
  "ja jv ka kk km kmr kn ko ky lo lt lv mg mk ml mn mr ms mt my ne nl no or pa pl ps pt ro ru sd si sk sl so sq sr " +
  "su sv sw ta te tg th ti tk tr uk ur uz vi wo xh yo yue zh zu en"
).split(" ");

/** What people also call theirs. */
const ALSO: Record<string, string> = {
  fa: "farsi dari",
  zh: "mandarin putonghua mandarín",
  yue: "guangdong",
  fil: "tagalog pilipino",
  kmr: "kurdish kurmanji kurdo",
  ckb: "sorani kurdish kurdo",
  es: "castellano castilian",
  ca: "valencià",
  id: "bahasa",
  ms: "bahasa",
  pa: "panjabi",
};

export interface Language {
  tag: string;
  /** In the reader's language. */
  name: string;
  /** In itself. */
  own: string;
}

function names(locale: string): (tag: string) => string {
  const display = new Intl.DisplayNames(locale, { type: "language", fallback: "code" });
  return (tag) => display.of(tag) ?? tag;
}

/** What a language is called; a tag that is not in the list is named all the same. */
export function languageName(tag: string, locale: string): string {
  try {
    return names(locale)(tag);
  } catch {
    return tag;
  }
}

/** All languages, in the order of the reader's alphabet. */
export function allLanguages(locale: string): Language[] {
  const here = names(locale);
  const order = new Intl.Collator(locale);
  return TAGS.map((tag) => ({ tag, name: here(tag), own: names(tag)(tag) })).sort((a, b) =>
    order.compare(a.name, b.name),
  );
}

/** Letters without accents and case, so that "espanol" finds español. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/** Those that a search finds: names that begin with it first, then words of them, then anywhere. */
export function findLanguages(languages: readonly Language[], search: string): Language[] {
  const wanted = plain(search);
  if (wanted === "") return [...languages];
  const rank = ({ tag, name, own }: Language) => {
    const texts = [name, own, ALSO[tag] ?? ""].map(plain);
    if (texts.some((text) => text.startsWith(wanted))) return 0;
    if (texts.some((text) => text.split(/[\s(]+/).some((word) => word.startsWith(wanted)))) return 1;
    return texts.some((text) => text.includes(wanted)) ? 2 : 3;
  };
  return languages
    .map((language) => ({ language, at: rank(language) }))
    .filter(({ at }) => at < 3)
    .sort((a, b) => a.at - b.at)
    .map(({ language }) => language);
}
