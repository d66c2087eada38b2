/** What the page says, in four languages. What went wrong in a call is told in the words of the SDK, and of the element where those are English. */
import { TEXTS, tell } from '../element/texts.js';

/** A row: a name, then English, German, French, Spanish; `{}` is where the page puts something. */
const TABLE = `
title|Softphone|Softphone|Softphone|Softphone
signin|Sign in|Anmelden|Se connecter|Iniciar sesión
signout|Sign out|Abmelden|Se déconnecter|Cerrar sesión
token|Token or key|Token oder Schlüssel|Jeton ou clé|Token o clave
token-note|Kept for this tab only. Leave it empty where the gateway asks for none.|Nur für diesen Tab gemerkt. Leer lassen, wenn das Gateway keines verlangt.|Gardé pour cet onglet seulement. Laissez vide si la passerelle n’en demande pas.|Solo se guarda en esta pestaña. Déjelo vacío si la pasarela no pide ninguno.
own-numbers|Numbers that I answer for (optional)|Nummern, für die ich antworte (freiwillig)|Numéros auxquels je réponds (facultatif)|Números que atiendo (opcional)
own-numbers-note|With + and country code, separated by commas. An account has its own.|Mit + und Landesvorwahl, durch Kommas getrennt. Ein Konto hat seine eigenen.|Avec + et l’indicatif du pays, séparés par des virgules. Un compte a les siens.|Con + y prefijo del país, separados por comas. Una cuenta tiene los suyos.
refused-signin|The gateway does not accept this token or key.|Das Gateway nimmt dieses Token oder diesen Schlüssel nicht an.|La passerelle n’accepte pas ce jeton ou cette clé.|La pasarela no acepta este token o clave.
link-closed|Not connected|Nicht verbunden|Non connecté|Sin conexión
link-connecting|Connecting…|Verbinden…|Connexion…|Conectando…
link-connected|Connected|Verbunden|Connecté|Conectado
link-reconnecting|Connection lost, coming back…|Verbindung verloren, kommt zurück…|Connexion perdue, rétablissement…|Conexión perdida, recuperando…
lost|The connection to the gateway is lost.|Die Verbindung zum Gateway ist weg.|La connexion à la passerelle est perdue.|Se ha perdido la conexión con la pasarela.
lost-note|Calls go on meanwhile; the page tries again by itself.|Gespräche gehen weiter; die Seite versucht es von selbst wieder.|Les appels continuent; la page réessaie d’elle-même.|Las llamadas continúan; la página lo reintenta sola.
try-now|Try now|Jetzt versuchen|Réessayer|Reintentar ahora
elsewhere|Another tab has this session.|Ein anderer Tab hat diese Sitzung.|Un autre onglet a cette session.|Otra pestaña tiene esta sesión.
elsewhere-note|Its calls can be in one tab only.|Ihre Gespräche können nur in einem Tab sein.|Ses appels ne peuvent être que dans un onglet.|Sus llamadas solo pueden estar en una pestaña.
take-over|Bring it here|Hierher holen|Reprendre ici|Traerla aquí
draining|The gateway is about to stop.|Das Gateway hält bald an.|La passerelle va s’arrêter.|La pasarela está a punto de detenerse.
draining-note|Calls can go on for {} at most.|Gespräche können noch höchstens {} dauern.|Les appels peuvent durer encore {} au plus.|Las llamadas pueden durar {} como máximo.
silent|The browser keeps this page silent. Press a key or click to hear it ring.|Der Browser hält die Seite stumm. Taste drücken oder klicken, damit sie klingelt.|Le navigateur rend cette page muette. Appuyez sur une touche ou cliquez pour l’entendre.|El navegador silencia esta página. Pulse una tecla o haga clic para oírla.
me|Me|Ich|Moi|Yo
extension|Extension {}|Durchwahl {}|Poste {}|Extensión {}
availability|Availability|Verfügbarkeit|Disponibilité|Disponibilidad
available|Available|Verfügbar|Disponible|Disponible
away|Away|Abwesend|Absent|Ausente
busy|Busy|Beschäftigt|Occupé|Ocupado
offline|Offline|Nicht da|Hors ligne|Desconectado
ringing-state|Ringing|Klingelt|Sonne|Sonando
on-call|On a call|Im Gespräch|En appel|En llamada
wrap-up|Wrapping up|Nachbearbeitung|Traitement|Cierre
reason|Reason (others see it)|Grund (andere sehen ihn)|Motif (visible des autres)|Motivo (lo ven otros)
reasons|Break,Lunch,Paperwork,Training|Pause,Mittag,Schreibarbeit,Schulung|Pause,Déjeuner,Dossiers,Formation|Pausa,Comida,Papeleo,Formación
since|since {}|seit {}|depuis {}|desde {}
set|Set|Setzen|Appliquer|Aplicar
whom|Number, extension or name|Nummer, Durchwahl oder Name|Numéro, poste ou nom|Número, extensión o nombre
dial-title|Call somebody|Jemanden anrufen|Appeler quelqu’un|Llamar a alguien
call|Call|Anrufen|Appeler|Llamar
nobody-meant|That is no number, and not exactly one name.|Das ist keine Nummer und nicht genau ein Name.|Ce n’est ni un numéro ni exactement un nom.|No es un número ni exactamente un nombre.
suggestions|Suggestions|Vorschläge|Suggestions|Sugerencias
found|{} found|{} gefunden|{} trouvés|{} encontrados
calls|Calls|Gespräche|Appels|Llamadas
no-calls|No calls just now.|Gerade kein Gespräch.|Aucun appel en ce moment.|No hay llamadas ahora.
unknown|Unknown number|Unbekannte Nummer|Numéro inconnu|Número desconocido
for-group|for {}|für {}|pour {}|para {}
waited|waited {}|hat {} gewartet|a attendu {}|esperó {}
by-transfer|sent by {}|weitergegeben von {}|transmis par {}|pasada por {}
originated|Answer to call {}|Annehmen, um {} anzurufen|Répondez pour appeler {}|Conteste para llamar a {}
incoming-from|Incoming call from {}|Anruf von {}|Appel de {}|Llamada de {}
is-incoming|Incoming call|Anruf|Appel entrant|Llamada entrante
is-connecting|Connecting…|Verbinden…|Connexion…|Conectando…
is-trying|Dialling…|Wählen…|Numérotation…|Marcando…
is-ringing|Ringing…|Klingelt…|Ça sonne…|Sonando…
is-early-media|Not answered yet, but speaking|Noch nicht angenommen, aber zu hören|Pas encore décroché, mais on entend|Aún sin contestar, pero se oye
is-talking|Talking|Im Gespräch|En communication|Hablando
is-held|On hold|Gehalten|En attente|En espera
is-held-there|They have put you on hold|Sie werden gehalten|On vous a mis en attente|Le han puesto en espera
is-conference|Conference with {}|Konferenz mit {}|Conférence avec {}|Conferencia con {}
is-ended|Ended|Beendet|Terminé|Terminada
muted|Muted|Stumm|Muet|Silenciado
active|Active|Aktiv|Actif|Activa
accept|Accept|Annehmen|Répondre|Contestar
decline|Decline|Ablehnen|Refuser|Rechazar
mute|Mute|Stumm|Muet|Silenciar
hold|Hold|Halten|Attente|Espera
resume|Resume|Fortsetzen|Reprendre|Reanudar
keypad|Keypad|Tasten|Clavier|Teclado
transfer|Transfer|Weitergeben|Transférer|Transferir
join|Conference|Konferenz|Conférence|Conferencia
part|Part them|Trennen|Séparer|Separar
hangup|Hang up|Auflegen|Raccrocher|Colgar
note|Note|Notiz|Note|Nota
note-note|Kept in this browser only.|Nur in diesem Browser.|Dans ce navigateur seulement.|Solo en este navegador.
call-again|Call again|Nochmals anrufen|Rappeler|Volver a llamar
put-away|Put away|Weglegen|Ranger|Guardar
digits-sent|Digits sent|Gesendete Ziffern|Chiffres envoyés|Dígitos enviados
press-waiting|waiting|wartet|en attente|esperando
press-accepted|waiting in the gateway|wartet im Gateway|en attente dans la passerelle|esperando en la pasarela
press-sent|on its way|unterwegs|en route|en camino
press-confirmed|arrived|angekommen|arrivé|llegó
press-unconfirmable|sent, nobody can confirm it|gesendet, niemand kann es bestätigen|envoyé, sans confirmation possible|enviado, nadie puede confirmarlo
press-failed|failed|fehlgeschlagen|échoué|falló
transfer-to|Transfer to|Weitergeben an|Transférer à|Transferir a
transfer-now|Transfer now|Gleich weitergeben|Transférer|Transferir ya
ask-first|Ask first|Erst fragen|Consulter d’abord|Consultar antes
hand-to|Hand over to {}|An {} übergeben|Passer à {}|Pasar a {}
consulting|Asking about the call with {}|Rückfrage zum Gespräch mit {}|Consultation pour l’appel avec {}|Consulta por la llamada con {}
complete|Complete the transfer|Übergabe abschließen|Terminer le transfert|Completar la transferencia
take-back|Take it back|Zurücknehmen|Reprendre l’appel|Recuperarla
transfer-asked|Transferring…|Wird weitergegeben…|Transfert en cours…|Transfiriendo…
transfer-ringing|It rings there.|Dort klingelt es.|Ça sonne là-bas.|Está sonando allí.
transfer-done|Transferred.|Weitergegeben.|Transféré.|Transferida.
they-transferred|You talk to {} now.|Sie sprechen jetzt mit {}.|Vous parlez maintenant à {}.|Ahora habla con {}.
quality-you|You|Sie|Vous|Usted
quality-far|Telephone|Telefon|Téléphone|Teléfono
good|good|gut|bon|buena
fair|fair|mäßig|moyen|regular
poor|poor|schlecht|mauvais|mala
not-known|not known|unbekannt|inconnu|desconocida
groups|Groups|Gruppen|Groupes|Grupos
waiting|{} waiting|{} warten|{} en attente|{} esperando
longest|longest {}|am längsten {}|le plus long {}|la más larga {}
colleagues|Colleagues|Kollegen|Collègues|Compañeros
listen|Listen|Mithören|Écouter|Escuchar
whisper|Whisper|Flüstern|Souffler|Susurrar
barge|Join in|Aufschalten|Intervenir|Intervenir
stop|Stop|Beenden|Arrêter|Parar
you-listen|You listen: nobody hears you.|Sie hören mit: niemand hört Sie.|Vous écoutez: personne ne vous entend.|Escucha: nadie le oye.
you-whisper|Your colleague hears you, the telephone does not.|Der Kollege hört Sie, das Telefon nicht.|Votre collègue vous entend, pas le téléphone.|Su compañero le oye, el teléfono no.
you-barge|Both hear you.|Beide hören Sie.|Les deux vous entendent.|Ambos le oyen.
supervised-whisper|{} speaks to you. The telephone does not hear it.|{} spricht zu Ihnen. Das Telefon hört es nicht.|{} vous parle. Le téléphone ne l’entend pas.|{} le habla. El teléfono no lo oye.
supervised-barge|{} has joined the call.|{} ist im Gespräch dabei.|{} a rejoint l’appel.|{} se ha unido a la llamada.
recent|Last calls|Letzte Gespräche|Derniers appels|Últimas llamadas
recent-note|Calls and notes are kept in this browser only.|Gespräche und Notizen sind nur in diesem Browser.|Appels et notes restent dans ce navigateur seulement.|Llamadas y notas solo se guardan en este navegador.
no-recent|None yet.|Noch keine.|Aucun.|Ninguna.
delete|Delete|Löschen|Supprimer|Borrar
delete-one|Delete the call with {}|Gespräch mit {} löschen|Supprimer l’appel avec {}|Borrar la llamada con {}
delete-all|Delete all|Alle löschen|Tout supprimer|Borrar todo
call-name|Call {}|{} anrufen|Appeler {}|Llamar a {}
note-on|Note on {}|Notiz zu {}|Note sur {}|Nota sobre {}
was-outgoing|out|aus|sortant|saliente
was-incoming|in|ein|entrant|entrante
was-missed|missed|verpasst|manqué|perdida
settings|Settings|Einstellungen|Réglages|Ajustes
microphone|Microphone|Mikrofon|Microphone|Micrófono
speaker|Speaker|Lautsprecher|Haut-parleur|Altavoz
ringer|Ringer|Klingel|Sonnerie|Timbre
default-device|Default|Standard|Par défaut|Predeterminado
no-choice|This browser leaves the choice to the system.|Dieser Browser überlässt die Wahl dem System.|Ce navigateur laisse le choix au système.|Este navegador deja la elección al sistema.
level|Level of the microphone|Pegel des Mikrofons|Niveau du microphone|Nivel del micrófono
try-microphone|Test the microphone|Mikrofon testen|Tester le microphone|Probar el micrófono
try-ringer|Let it ring|Klingeln lassen|Faire sonner|Hacer sonar
notify|Notifications of the desktop when the page is hidden|Benachrichtigungen, wenn die Seite verdeckt ist|Notifications quand la page est cachée|Notificaciones cuando la página está oculta
notify-denied|The browser forbids notifications for this page.|Der Browser verbietet Benachrichtigungen für diese Seite.|Le navigateur interdit les notifications pour cette page.|El navegador prohíbe las notificaciones de esta página.
use-shortcuts|Keyboard shortcuts|Tastenkürzel|Raccourcis clavier|Atajos de teclado
close|Close|Schließen|Fermer|Cerrar
help|Keyboard|Tastatur|Clavier|Teclado
key-pickup|Accept the call that rings|Anruf annehmen|Répondre à l’appel|Contestar la llamada
key-refuse|Decline it|Anruf ablehnen|Le refuser|Rechazarla
key-hold|Hold or resume|Halten oder fortsetzen|Attente ou reprise|Espera o reanudar
key-mute|Mute or unmute|Stumm oder nicht|Muet ou non|Silenciar o no
key-end|Hang up|Auflegen|Raccrocher|Colgar
key-keypad|Keypad|Tasten|Clavier|Teclado
key-transfer|Transfer|Weitergeben|Transférer|Transferir
key-note|Note|Notiz|Note|Nota
key-join|Conference with the other call|Konferenz mit dem anderen Gespräch|Conférence avec l’autre appel|Conferencia con la otra llamada
key-dial|To the number field|Zum Nummernfeld|Au champ du numéro|Al campo del número
key-state|Available or away|Verfügbar oder abwesend|Disponible ou absent|Disponible o ausente
key-help|This list|Diese Liste|Cette liste|Esta lista
key-choose|To the first call, the second…|Zum ersten Gespräch, zum zweiten…|Au premier appel, au deuxième…|A la primera llamada, la segunda…
`;

/** @typedef {'en'|'de'|'fr'|'es'} Language */

const LANGUAGES = /** @type {const} */ (['en', 'de', 'fr', 'es']);

/** @type {Readonly<Record<string, readonly string[]>>} */
export const WORDS = Object.freeze(Object.fromEntries(TABLE.trim().split('\n').map((row) => {
  const [key, ...words] = row.split('|');
  return [key, words];
})));

/**
 * @param {readonly string[]} wished the languages that somebody reads, the best first
 * @returns {Language}
 */
export function languageOf(wished) {
  const bare = wished.map((each) => each.toLowerCase().split('-')[0]);
  return LANGUAGES.find((each) => each === bare.find((one) => LANGUAGES.some((known) => known === one))) ?? 'en';
}

const asked = new URLSearchParams(globalThis.location?.search).get('lang');

/** What this page speaks. */
export const language = languageOf([...(asked ? [asked] : []), ...(globalThis.navigator?.languages ?? [])]);

/**
 * @param {string} key of the table
 * @param {string | number} [what] for `{}`
 * @returns {string}
 */
export function word(key, what) {
  const words = WORDS[key]?.[LANGUAGES.indexOf(language)];
  if (words === undefined) {
    throw new Error(`no words for ${key}`);
  }
  return what === undefined ? words : words.replace('{}', () => String(what));
}

/**
 * What went wrong and what to do about it.
 *
 * @param {{code?: string, cause?: unknown, text?: string, message?: string, hint?: string, retryable?: boolean}} what an error, an ending or a warning of
 *   the SDK
 */
export function trouble({ code, cause, text, message, hint = '', retryable = false }) {
  const said = text || message || '';
  return language === 'en'
    ? `${said} ${hint}`.trim()
    : tell(TEXTS[language], { code: code ?? String(cause), text: said, hint, retryable });
}

/** @param {number} millis @returns {string} `0:05`, `1:02:03` */
export function duration(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  return seconds < 3600 ? `${Number(parts[0])}:${parts[1]}` : `${Math.floor(seconds / 3600)}:${parts.join(':')}`;
}

/** @param {Date | number} at */
export function clock(at) {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** @param {number} at milliseconds of the epoch @returns {string} with the day, where it is not today */
export function dayAndClock(at) {
  const today = new Date(at).toDateString() === new Date().toDateString();
  return today ? clock(at) : new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(at);
}

/**
 * Puts the words in their places: `data-text` and `data-label` name them.
 *
 * @param {ParentNode} root
 */
export function fill(root) {
  for (const each of root.querySelectorAll('[data-text], [data-label]')) {
    const { text, label } = /** @type {HTMLElement} */ (each).dataset;
    if (text) {
      each.textContent = word(text);
    }
    if (label) {
      each.setAttribute('aria-label', word(label));
    }
  }
}
