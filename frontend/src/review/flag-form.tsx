import { type FormEvent, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { Select } from "@/components/select";
import { useTranslation } from "@/i18n";
import { FLAG_KINDS, type FlagKind, reviewApi } from "./review-api";
import { refusalWords } from "./words";

const NOTE_CHARACTERS = 500;

interface FlagFormProps {
  callId: string;
  turnId: string | null;
  onDone: () => void;
  onCancel: () => void;
}

/** Setting a flag on a call or turn. */
export function FlagForm({ callId, turnId, onDone, onCancel }: FlagFormProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<FlagKind>("attention");
  const [note, setNote] = useState("");
  const flag = useChange(() => reviewApi.flag(callId, { kind, note, turn_id: turnId }), onDone);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!flag.isPending) flag.mutate();
  };
  return (
    <form onSubmit={submit} className="grid gap-3 rounded-2xl bg-sunken p-3" data-testid="flag-form">
      <Select
        label={t("review.flagKind")}
        autoFocus
        value={kind}
        options={FLAG_KINDS.map((one) => ({ value: one, label: t(`review.flag_${one}`) }))}
        onChange={(event) => setKind(FLAG_KINDS.find((one) => one === event.target.value) ?? "attention")}
      />
      <Field
        label={t("review.flagNote")}
        name="note"
        maxLength={NOTE_CHARACTERS}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {flag.isError && (
        <Message tone="danger" urgent>
          {refusalWords(t, flag.error)}
        </Message>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={flag.isPending}>
          {t("review.flagSend")}
        </Button>
        <Button look="quiet" onClick={onCancel}>
          {t("review.cancel")}
        </Button>
      </div>
    </form>
  );
}
