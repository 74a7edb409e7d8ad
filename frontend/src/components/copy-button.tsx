import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "@/i18n";
import { Button } from "./button";

/** Where the browser does not let pages copy, it says how to do it by hand. Its words are the account's. */
export function CopyButton({ text, look = "primary" }: { text: string; look?: "primary" | "secondary" }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  const Icon = copied ? Check : Copy;
  return (
    <>
      <Button look={look} onClick={() => void copy()}>
        <Icon aria-hidden className="size-4" />
        {t(copied ? "account.keys.copied" : "account.keys.copy")}
      </Button>
      <span role="status" className={copied === false ? "text-danger" : "sr-only"}>
        {copied === true && t("account.keys.copied")}
        {copied === false && t("account.keys.copyFailed")}
      </span>
    </>
  );
}
