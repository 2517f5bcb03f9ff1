"use client";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { FieldError, FormField } from "@/components/ui/form-field";
import { TextField } from "@/components/ui/text-field";
import { signInWithPassword } from "./auth-client";
import { PasswordInput } from "./password-input";
import { ProviderButtons, type SignInProvider } from "./provider-buttons";
import { signInMessage } from "./sign-in-message";

export function SignInForm({
  providers,
  returnPath,
  errorCode,
}: {
  providers: SignInProvider[];
  returnPath: string;
  /** What an earlier try ended with: providers come back with one in the address. */
  errorCode: string | null;
}) {
  const [error, setError] = useState(errorCode);
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const [pending, setPending] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get("email") ?? "").trim();
    const password = String(form.get("password") ?? "");
    const problems = { ...(email ? {} : { email: "Enter your e-mail." }), ...(password ? {} : { password: "Enter your password." }) };
    setMissing(problems);
    setError(null);
    if (Object.keys(problems).length > 0) return;
    setPending(true);
    const result = await signInWithPassword({ email, password });
    // A full load: nothing of an earlier session may stay in memory.
    if (result.ok) return window.location.assign(returnPath);
    setPending(false);
    setError(result.code);
  };

  return (
    <div>
      <ProviderButtons providers={providers} returnPath={returnPath} onError={setError} />
      <form method="post" onSubmit={submit} noValidate className="grid gap-4">
        <TextField label="E-mail" error={missing.email} name="email" type="email" autoComplete="username" autoFocus className="h-9" />
        <FormField label="Password" error={missing.password}>
          {(control) => <PasswordInput {...control} name="password" autoComplete="current-password" />}
        </FormField>
        {error ? <FieldError>{signInMessage(error)}</FieldError> : null}
        <Button type="submit" variant="primary" size="lg" pending={pending}>
          {pending ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </div>
  );
}
