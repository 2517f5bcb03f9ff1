export { GET, POST, PUT } from "@/inngest/endpoint";
