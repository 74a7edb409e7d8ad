/** The account's pages as one piece, so that going from one to the other waits for nothing. */

export { AccountLayout } from "./account-layout";
export { ConversationPage } from "./conversation-page";
export { PrivacyPage } from "./privacy-page";
export { ProfilePage } from "./profile-page";
export { ProgramsPage } from "./programs-page";
export { SecurityPage } from "./security-page";
