import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { formatMoment } from "@/lib/format";
import { type DeletedCall, deletedCallsQuery, privacyApi } from "@/privacy/privacy-api";
import { Listing, Row } from "./listing";
import { Done, Refusal } from "./outcome";
import { focusSection, Section } from "./section";
import { useMoments } from "./since";
import { useChange } from "./use-change";

const SECTION = "deleted";

/** Calls that were deleted and can still be brought back. */
export function DeletedSection() {
  const { t } = useTranslation();
  const calls = useQuery(deletedCallsQuery);
  const [restored, setRestored] = useState(false);
  return (
    <Section id={SECTION} title={t("privacy.deleted.title")} lead={t("privacy.deleted.lead")}>
      <Listing query={calls} empty={t("privacy.deleted.empty")} testId="deleted-calls">
        {(call) => <CallRow call={call} onRestored={() => setRestored(true)} />}
      </Listing>
      <Done>{restored && t("privacy.deleted.restored")}</Done>
    </Section>
  );
}

function CallRow({ call, onRestored }: { call: DeletedCall; onRestored: () => void }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const moment = useMoments();
  const when = formatMoment(call.started_at, i18n.language);
  const restore = useChange(
    () => privacyApi.restoreCall(call.id),
    async () => {
      onRestored();
      await queries.invalidateQueries({ queryKey: deletedCallsQuery.queryKey });
      focusSection(SECTION);
    },
  );
  return (
    <div className="grid gap-2">
      <Row
        icon={Undo2}
        title={<time dateTime={call.started_at}>{when}</time>}
        action={
          <Button
            look="secondary"
            busy={restore.isPending}
            aria-label={t("privacy.deleted.restoreNamed", { when })}
            onClick={() => restore.mutate()}
          >
            {t("privacy.deleted.restore")}
          </Button>
        }
      >
        <span>{t("privacy.deleted.turns", { count: call.turn_count })}</span>
        <span>{t("privacy.deleted.final", { when: moment(call.final_at) })}</span>
      </Row>
      <Refusal error={restore.error} />
    </div>
  );
}
