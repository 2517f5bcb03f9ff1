import { executeOnFiles } from "../remote-file-operations";

export const execute = executeOnFiles("sftp", "SFTP", async () => (await import("./client")).openSftp);
