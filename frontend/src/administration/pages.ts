/** The pages of administration as one piece. */

export { AdministrationLayout } from "./administration-layout";
export { AuditPage } from "./audit-page";
export { JobsPage } from "./jobs-page";
export { MaintenancePage } from "./maintenance-page";
export { OrganisationsPage } from "./organisations-page";
export { OverviewPage } from "./overview-page";
export { PeoplePage } from "./people-page";
export { SettingsPage } from "./settings-page";
