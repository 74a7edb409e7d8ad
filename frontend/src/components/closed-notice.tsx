/** Why no call can begin although nothing is broken: maintenance, or an organisation that is paused. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Wrench } from "lucide-react";
import { useTranslation } from "@/i18n";
import { formatTime } from "@/lib/format";
import { configQuery, meQuery } from "@/lib/queries";
import type { ClosedProblem } from "@/talk/types";
import { buttonClass } from "./button";
import { Message } from "./message";

export function ClosedNotice({ why }: { why: ClosedProblem }) {
  return why === "maintenance" ? <MaintenanceNotice /> : <SuspensionNotice />;
}

function MaintenanceNotice() {
  const { t, i18n } = useTranslation();
  const told = useQuery({ ...configQuery, staleTime: 0 }).data?.maintenance;
  return (
    <Message tone="warning" icon={Wrench} urgent testId="problem-maintenance" title={t("closed.maintenance")}>
      <p>{t("closed.maintenanceBody")}</p>
      {told?.until && <p>{t("closed.until", { when: formatTime(told.until, i18n.language) })}</p>}
      {told?.message && (
        <p translate="no" className="wrap-anywhere">
          {told.message}
        </p>
      )}
    </Message>
  );
}

function SuspensionNotice() {
  const { t } = useTranslation();
  const reason = useQuery({ ...meQuery, staleTime: 0 }).data?.organisation_suspended;
  return (
    <Message
      tone="warning"
      urgent
      testId="problem-organisation_suspended"
      title={t("closed.suspended")}
      actions={
        <Link to="/account" className={buttonClass("secondary")}>
          {t("closed.toAccount")}
        </Link>
      }
    >
      <p>{t("closed.suspendedBody")}</p>
      {reason && <p className="wrap-anywhere">{t("closed.because", { reason })}</p>}
    </Message>
  );
}
