import { seal, unseal } from "../secrets/seal";

interface Owner {
  organizationId: string;
  triggerId: string;
}

const ownerText = ({ organizationId, triggerId }: Owner): string => `trigger:${organizationId}:${triggerId}`;

/** A trigger's secret as its row holds it. */
export const sealTriggerSecret = (secret: string, owner: Owner): string => seal(secret, ownerText(owner));

/** @throws Error when the installation's key changed since it was sealed. */
export const openTriggerSecret = (sealed: string, owner: Owner): string => unseal(sealed, ownerText(owner));
