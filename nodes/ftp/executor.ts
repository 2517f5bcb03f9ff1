import { executeOnFiles } from "../remote-file-operations";

export const execute = executeOnFiles("ftp", "FTP", async () => (await import("./client")).openFtp);
