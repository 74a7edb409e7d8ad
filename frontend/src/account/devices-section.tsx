import { useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { accountApi, type Device, devicesQuery } from "./account-api";
import { ConfirmDialog } from "./confirm-dialog";
import { deviceName, isHandheld } from "./device-name";
import { Listing, Row } from "./listing";
import { Done } from "./outcome";
import { Section } from "./section";
import { isNow, useMoments } from "./since";
import { useChange } from "./use-change";
import { useEnding } from "./use-ending";
import { useLeave } from "./use-leave";

const SECTION = "devices";

/** The browsers that are signed in, and the way to end one or all of them. */
export function DevicesSection() {
  const { t } = useTranslation();
  const devices = useQuery(devicesQuery);
  const ending = useEnding(SECTION, devicesQuery.queryKey, (device: Device) =>
    accountApi.endDevice(device.id),
  );
  return (
    <Section id={SECTION} title={t("account.devices.title")} lead={t("account.devices.lead")}>
      <Listing query={devices} empty={t("account.devices.empty")} testId="devices">
        {(device) => <DeviceRow device={device} onEnd={() => ending.ask(device)} />}
      </Listing>
      <Done>{ending.ended && t("account.devices.ended", { device: deviceName(t, ending.ended.label) })}</Done>
      <SignOutEverywhere />
      {ending.asked && (
        <ConfirmDialog
          title={t("account.devices.endTitle", { device: deviceName(t, ending.asked.label) })}
          body={<p>{t("account.devices.endBody")}</p>}
          action={t("account.devices.end")}
          {...ending.dialog}
        />
      )}
    </Section>
  );
}

function DeviceRow({ device, onEnd }: { device: Device; onEnd: () => void }) {
  const { t } = useTranslation();
  const moment = useMoments();
  const name = deviceName(t, device.label);
  const used = isNow(device.last_seen_at)
    ? t("account.usedNow")
    : t("account.used", { when: moment(device.last_seen_at) });
  return (
    <Row
      icon={isHandheld(device.label) ? Smartphone : Monitor}
      title={name}
      badge={device.current ? t("account.devices.current") : undefined}
      action={
        device.current ? null : (
          <Button
            look="secondary"
            aria-label={t("account.devices.endNamed", { device: name })}
            onClick={onEnd}
          >
            {t("account.devices.end")}
          </Button>
        )
      }
    >
      <span>{used}</span>
      <span>{t("account.devices.since", { when: moment(device.created_at) })}</span>
    </Row>
  );
}

function SignOutEverywhere() {
  const { t } = useTranslation();
  const leave = useLeave();
  const [asking, setAsking] = useState(false);
  const signOut = useChange(
    async () => {
      await leave.endCall();
      await accountApi.signOutEverywhere();
    },
    () => leave.to({ to: "/sign-in" }),
  );
  return (
    <div className="grid justify-items-start gap-2 border-t border-line pt-4">
      <p className="max-w-prose text-quiet">{t("account.devices.everywhereLead")}</p>
      <Button
        look="secondary"
        onClick={() => {
          signOut.reset();
          setAsking(true);
        }}
      >
        {t("account.devices.everywhere")}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t("account.devices.everywhereTitle")}
          body={<p>{t("account.devices.everywhereBody")}</p>}
          action={t("account.devices.everywhere")}
          busy={signOut.isPending}
          error={signOut.error}
          onConfirm={() => signOut.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
