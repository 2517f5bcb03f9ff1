"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { errorMessage, fieldErrors } from "@/components/providers/error-message";
import { useTRPC } from "@/components/providers/trpc";
import { Button } from "@/components/ui/button";
import { FieldError, FormField } from "@/components/ui/form-field";
import { TextField } from "@/components/ui/text-field";
import { signInWithPassword } from "./auth-client";
import { PasswordInput } from "./password-input";
import { ProviderButtons, type SignInProvider } from "./provider-buttons";
import { signInMessage } from "./sign-in-message";

const MIN_PASSWORD = 10;

export function RegisterForm({ providers, returnPath }: { providers: SignInProvider[]; returnPath: string }) {
  const trpc = useTRPC();
  const register = useMutation(trpc.account.register.mutationOptions());
  const [problems, setProblems] = useState<Partial<Record<"name" | "email" | "password", string>>>({});
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name") ?? "").trim();
    const email = String(form.get("email") ?? "").trim();
    const password = String(form.get("password") ?? "");
    const found: typeof problems = {};
    if (!name) found.name = "Enter your name.";
    if (!/^\S+@\S+\.\S+$/.test(email)) found.email = "Enter an e-mail address, like ada@example.com.";
    if (password.length < MIN_PASSWORD) found.password = `Use at least ${MIN_PASSWORD} characters.`;
    setProblems(found);
    setError(null);
    if (Object.keys(found).length > 0) return;
    setPending(true);
    try {
      await register.mutateAsync({ name, email, password });
    } catch (failure) {
      const fields = fieldErrors(failure);
      setProblems(fields);
      if (!fields.name && !fields.email && !fields.password) setError(errorMessage(failure));
      return setPending(false);
    }
    const result = await signInWithPassword({ email, password });
    if (result.ok) return window.location.assign(returnPath);
    setPending(false);
    setError(`Your account is ready, but signing in did not work. ${signInMessage(result.code)}`);
  };

  return (
    <div>
      <ProviderButtons providers={providers} returnPath={returnPath} onError={(code) => setError(signInMessage(code))} />
      <form method="post" onSubmit={submit} noValidate className="grid gap-4">
        <TextField label="Name" error={problems.name} name="name" autoComplete="name" autoFocus maxLength={100} className="h-9" />
        <TextField label="E-mail" error={problems.email} name="email" type="email" autoComplete="username" className="h-9" />
        <FormField
          label="Password"
          error={problems.password}
          hint={`At least ${MIN_PASSWORD} characters. A few unrelated words make a good one.`}
        >
          {(control) => <PasswordInput {...control} name="password" autoComplete="new-password" />}
        </FormField>
        {error ? <FieldError>{error}</FieldError> : null}
        <Button type="submit" variant="primary" size="lg" pending={pending}>
          {pending ? "Creating your account…" : "Create account"}
        </Button>
      </form>
    </div>
  );
}
