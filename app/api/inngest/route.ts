import { serve } from "inngest/next";
import { serveOptions } from "@/inngest/serve-options";

/** Where Inngest calls us. */
export const { GET, POST, PUT } = serve(serveOptions());
