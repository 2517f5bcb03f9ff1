import { MapPinOff } from "lucide-react";
import Link from "next/link";
import { FullPageMessage } from "@/components/shell/full-page-message";
import { Button } from "@/components/ui/button";

export default function NotFound() {
  return (
    <FullPageMessage
      icon={MapPinOff}
      title="There is nothing at this address"
      actions={
        <Button variant="primary" asChild>
          <Link href="/flows">Go to flows</Link>
        </Button>
      }
    >
      It was deleted, belongs to another organization, or the link has a mistake.
    </FullPageMessage>
  );
}
