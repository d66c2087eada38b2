/**
 * What the element says: first its own words, then what happened, by the codes of docs/sdk.md (several that are one to a caller stand in
 * one row). English has no words of its own for those, since the SDK speaks it. What has no row is nothing that a caller could mend: it
 * is told as `failed`, or as `later` where the SDK says that trying again makes sense.
 *
 * @typedef {Record<string, string>} Texts
 * @typedef {{code: string, text: string, hint: string, retryable?: boolean}} Told
 */
const TABLE = `
call|Call|Anrufen|Appeler|Llamar
hangup|Hang up|Auflegen|Raccrocher|Colgar
mute|Mute|Stumm|Muet|Silenciar
keypad|Keypad|Tasten|Clavier|Teclado
connecting|Connecting …|Verbindung wird aufgebaut …|Connexion en cours…|Conectando…
ringing|Ringing …|Es klingelt …|Ça sonne…|Está sonando…
talking|Connected|Verbunden|En communication|En comunicación
microphone|Please allow the microphone.|Bitte erlauben Sie das Mikrofon.|Veuillez autoriser le microphone.|Permita el uso del micrófono.
microphone-denied||Bitte erlauben Sie das Mikrofon in der Adressleiste.|Veuillez autoriser le microphone dans la barre d’adresse.|Permita el uso del micrófono en la barra de direcciones.
microphone-missing microphone-busy microphone-silent microphone-lost||Vom Mikrofon kommt kein Ton.|Le microphone ne donne aucun son.|El micrófono no da sonido.
normal cancelled transferred taken-over time-is-up||Der Anruf ist beendet.|L’appel est terminé.|La llamada ha terminado.
failed|This call is not possible.|Der Anruf ist nicht möglich.|L’appel n’est pas possible.|La llamada no es posible.
later|This call is not possible just now. Please try again later.|Der Anruf ist gerade nicht möglich. Bitte versuchen Sie es später noch einmal.|L’appel n’est pas possible en ce moment. Veuillez réessayer plus tard.|La llamada no es posible en este momento. Inténtelo de nuevo más tarde.
busy||Die Leitung ist besetzt. Bitte versuchen Sie es später noch einmal.|La ligne est occupée. Veuillez réessayer plus tard.|La línea está ocupada. Inténtelo de nuevo más tarde.
no-answer||Niemand hat abgenommen. Bitte versuchen Sie es später noch einmal.|Personne n’a répondu. Veuillez réessayer plus tard.|Nadie ha contestado. Inténtelo de nuevo más tarde.
rejected declined||Der Anruf wurde abgelehnt.|L’appel a été refusé.|La llamada ha sido rechazada.
media-lost media-unreachable socket-lost||Die Verbindung ist abgebrochen. Bitte prüfen Sie Ihr Netz.|La connexion est interrompue. Veuillez vérifier votre réseau.|Se ha cortado la conexión. Compruebe su red.
muted-but-speaking||Sie sprechen, sind aber stumm.|Vous parlez, mais le micro est muet.|Está hablando, pero silenciado.
bad-sound-here bad-sound-there one-way-audio||Der Ton ist gerade gestört.|Le son est perturbé en ce moment.|El sonido falla en este momento.`;

/** @type {Record<string, Texts>} */
export const TEXTS = { en: {}, de: {}, fr: {}, es: {} };

for (const row of TABLE.trim().split('\n')) {
  const [codes, ...words] = row.split('|');
  Object.values(TEXTS).forEach((texts, i) => words[i] && codes.split(' ').forEach((code) => (texts[code] = words[i])));
}

/**
 * Whether it is something that a caller could mend, or wants to know.
 *
 * @param {string} code
 */
export const concerns = (code) => Object.hasOwn(TEXTS.de, code);

/**
 * What happened, in the words of a language.
 *
 * @param {Texts} texts
 * @param {Told} what `text` and `hint` in English
 * @returns {string}
 */
export const tell = (texts, { code, text, hint, retryable }) =>
  texts[code] ?? (concerns(code) ? `${text} ${hint}`.trim() : texts[retryable ? 'later' : 'failed']);
