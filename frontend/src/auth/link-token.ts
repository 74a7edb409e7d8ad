import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";

const SHAPE = /^[A-Za-z0-9_-]{54}$/;

/** The secret behind the `#` of a mailed link, or null where it did not arrive whole. */
export function tokenIn(hash: string): string | null {
  const token = new URLSearchParams(hash).get("token");
  return token !== null && SHAPE.test(token) ? token : null;
}

/** The secret of the link that led here. It is taken out of the address bar, which others may see or keep. */
export function useLinkToken(): string | null {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const navigate = useNavigate();
  const found = tokenIn(hash);
  const [token, setToken] = useState(found);
  if (found !== null && found !== token) setToken(found);
  useEffect(() => {
    if (hash !== "") void navigate({ to: ".", hash: "", replace: true });
  }, [hash, navigate]);
  return token;
}
