import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/account/confirm-dialog";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import type { Call } from "@/lib/api";
import { forgetCall } from "@/lib/kept";
import { callQuery, turnsQuery } from "@/lib/queries";
import { privacyApi } from "./privacy-api";

/** The way to delete one call, at the foot of its page; what it means is said first. */
export function DeleteCall({ call }: { call: Call }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const erase = useChange(
    () => privacyApi.deleteCall(call.id),
    async () => {
      await forgetCall(call.id);
      await navigate({ to: "/history" });
      for (const { queryKey } of [callQuery(call.id), turnsQuery(call.id)])
        queries.removeQueries({ queryKey });
      await queries.invalidateQueries({ queryKey: ["calls"] });
    },
  );
  if (call.state === "open") return null;
  return (
    <div className="grid justify-items-start border-t border-line pt-4">
      <Button
        look="quiet"
        className="text-danger"
        onClick={() => {
          erase.reset();
          setAsking(true);
        }}
        data-testid="delete-call"
      >
        <Trash2 aria-hidden className="size-4" />
        {t("privacy.call.delete")}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t("privacy.call.sure")}
          body={<p>{t("privacy.call.body")}</p>}
          action={t("privacy.call.confirm")}
          busy={erase.isPending}
          error={erase.error}
          onConfirm={() => erase.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
