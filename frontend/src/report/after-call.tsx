import { later } from "@/components/later";

/** The report under the end of a call. */
export const ReportAfterCall = later("report", async () => (await import("./report-card")).ReportCard);
