/**
 * The operator's help page and support contact. They stand in the page itself, because they are needed most where the API
 * does not answer. "" where the operator has set none.
 */
export function helpUrl(): string {
  return told("help-url");
}

export function supportContact(): string {
  return told("support-contact");
}

/** Where the contact leads: an e-mail address opens a letter; null for what is no address, such as a phone number. */
export function contactUrl(contact: string): string | null {
  if (/^(https?|mailto|tel):/.test(contact)) return contact;
  return /^\S+@\S+$/.test(contact) ? `mailto:${contact}` : null;
}

function told(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}
