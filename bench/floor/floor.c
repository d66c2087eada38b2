/* floor: what one call-second of WebRTC <-> PSTN media work costs at the least on this machine, in CPU ms of one thread:
 * 50 x (Opus decode + mu-law encode, mu-law decode + Opus encode, SRTP unprotect + protect, 2 UDP receives + 2 UDP sends).
 * usage: floor speech48.wav */
#include <arpa/inet.h>
#include <math.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <opus/opus.h>
#include <srtp2/srtp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define FRAMES 2000                  /* 40 s of audio a round */
#define REPS   5
static int16_t pcm8[FRAMES * 160], pcm48[FRAMES * 960];
static uint8_t browser[FRAMES][400], packets[FRAMES][400];
static int browser_len[FRAMES], packets_len[FRAMES];

static double cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}
static int order(const void *a, const void *b) { double d = *(double *)a - *(double *)b; return d < 0 ? -1 : d > 0; }
/* Median over REPS of the ms per call-second (50 frames); one() does one frame. */
static double measure(const char *what, void (*one)(int))
{
    double r[REPS];
    for (int k = 0; k < REPS; k++) {
        double t = cpu();
        for (int i = 0; i < FRAMES; i++)
            one(i);
        r[k] = (cpu() - t) / (FRAMES / 50.0);
    }
    qsort(r, REPS, sizeof *r, order);
    if (what)
        printf("%-66s %8.3f ms per call-second  (min %.3f max %.3f)\n", what, r[REPS / 2], r[0], r[REPS - 1]);
    return r[REPS / 2];
}

static OpusEncoder *enc;
static OpusDecoder *dec;
static int enc_rate, enc_channels;
static void encode(int i)
{
    static int16_t stereo[1920];
    const int16_t *in = enc_rate == 8000 ? pcm8 + i * 160 : pcm48 + i * 960;
    int n = enc_rate / 50;
    if (enc_channels == 2) {
        for (int k = 0; k < n; k++)
            stereo[2 * k] = stereo[2 * k + 1] = in[k];
        in = stereo;
    }
    packets_len[i] = opus_encode(enc, in, n, packets[i], sizeof packets[i]);
}
static double encoder(int rate, int channels, int complexity, int bitrate, const char *what)
{
    int err;
    enc_rate = rate;
    enc_channels = channels;
    enc = opus_encoder_create(rate, channels, OPUS_APPLICATION_VOIP, &err);
    opus_encoder_ctl(enc, OPUS_SET_BITRATE(bitrate));
    opus_encoder_ctl(enc, OPUS_SET_COMPLEXITY(complexity));
    opus_encoder_ctl(enc, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
    double r = measure(what, encode);
    opus_encoder_destroy(enc);
    return r;
}
static void decode(int i)
{
    static int16_t out[1920];
    if (opus_decode(dec, browser[i], browser_len[i], out, 960, 0) < 0)
        abort();
}
static double decoder(int rate, const char *what)
{
    int err;
    dec = opus_decoder_create(rate, 1, &err);
    double r = measure(what, decode);
    opus_decoder_destroy(dec);
    return r;
}

/* What a sleep costs that lies between two frames: the same encoding, with and without a quarter of a millisecond after
 * each. No gateway can do without: its packets come one by one. */
static void encode_and_sleep(int i)
{
    struct timespec quarter = { 0, 250000 };
    encode(i % (FRAMES / 4));
    nanosleep(&quarter, NULL);
}
static double sleep_cost(void)
{
    int err;
    enc_rate = 8000;
    enc_channels = 1;
    enc = opus_encoder_create(8000, 1, OPUS_APPLICATION_VOIP, &err);
    opus_encoder_ctl(enc, OPUS_SET_BITRATE(24000));
    opus_encoder_ctl(enc, OPUS_SET_COMPLEXITY(5));
    double at_once = measure(NULL, encode);
    double slept = measure(NULL, encode_and_sleep);
    opus_encoder_destroy(enc);
    return (slept - at_once) / 50 * 1e3;
}

/* mu-law by tables, both ways */
static uint8_t to_ulaw[65536], law[160];
static int16_t from_ulaw[256], lin[160];
static void ulaw(int i)
{
    for (int k = 0; k < 160; k++)
        law[k] = to_ulaw[(uint16_t)pcm8[i * 160 + k]];
    for (int k = 0; k < 160; k++)
        lin[k] = from_ulaw[law[k]];
    __asm__ volatile("" ::"r"(lin) : "memory");
}

/* SRTP by libsrtp2: protect one 75-byte packet and unprotect one; sequence numbers move on */
static srtp_t tx, rx, peer_tx;
static uint16_t seq;
static uint8_t incoming[FRAMES][200];
static int incoming_len;
static void rtp(uint8_t *p, uint16_t s)
{
    memset(p, 0x5a, 200);
    p[0] = 0x80; p[1] = 111; p[2] = s >> 8; p[3] = (uint8_t)s;
    memset(p + 8, 7, 4);
}
static void srtp_pair(int i)
{
    uint8_t p[200];
    int n = 12 + 75;
    rtp(p, seq++);
    if (srtp_protect(tx, p, &n))
        abort();
    n = incoming_len;
    memcpy(p, incoming[i], 200);
    if (srtp_unprotect(rx, p, &n))
        abort();
}
static double srtp_cost(int gcm, const char *what)
{
    double r[REPS];
    uint8_t key[64] = "0123456789abcdef0123456789abcdef0123456789";
    for (int k = 0; k < REPS; k++) { /* fresh sessions each time: the receiver refuses repeats */
        srtp_policy_t p = { 0 };
        if (gcm) { srtp_crypto_policy_set_aes_gcm_128_16_auth(&p.rtp); srtp_crypto_policy_set_aes_gcm_128_16_auth(&p.rtcp); }
        else { srtp_crypto_policy_set_rtp_default(&p.rtp); srtp_crypto_policy_set_rtcp_default(&p.rtcp); }
        p.key = key;
        p.window_size = 1024;
        p.ssrc.type = ssrc_any_outbound;
        srtp_create(&tx, &p);
        srtp_create(&peer_tx, &p);
        p.ssrc.type = ssrc_any_inbound;
        srtp_create(&rx, &p);
        seq = 1;
        for (int i = 0; i < FRAMES; i++) {
            incoming_len = 12 + 75;
            rtp(incoming[i], (uint16_t)(i + 1));
            srtp_protect(peer_tx, incoming[i], &incoming_len);
        }
        double t = cpu();
        for (int i = 0; i < FRAMES; i++)
            srtp_pair(i);
        r[k] = (cpu() - t) / (FRAMES / 50.0);
        srtp_dealloc(tx); srtp_dealloc(rx); srtp_dealloc(peer_tx);
    }
    qsort(r, REPS, sizeof *r, order);
    printf("%-66s %8.3f ms per call-second  (min %.3f max %.3f)\n", what, r[REPS / 2], r[0], r[REPS - 1]);
    return r[REPS / 2];
}

/* The same crypto by OpenSSL EVP (AES-NI, SHA-NI), contexts kept: what a tuned SRTP would pay */
static EVP_CIPHER_CTX *ctr;
static EVP_MAC_CTX *mac_base;
static void evp_once(uint8_t *p)
{
    uint8_t iv[16] = { 0 }, md[20];
    int n;
    size_t l;
    memcpy(iv + 4, p, 12);
    EVP_EncryptInit_ex(ctr, NULL, NULL, NULL, iv);
    EVP_EncryptUpdate(ctr, p + 12, &n, p + 12, 75);
    EVP_MAC_init(mac_base, NULL, 0, NULL);
    EVP_MAC_update(mac_base, p, 12 + 75 + 4);
    EVP_MAC_final(mac_base, md, &l, sizeof md);
    memcpy(p + 87, md, 10);
}
static void evp_pair(int i)
{
    uint8_t p[200];
    rtp(p, (uint16_t)i);
    evp_once(p);
    evp_once(p);
}

/* UDP on loopback: the box's share of a call is 2 receives and 2 sends per 20 ms. Delivery to the receiver's socket is
 * done in the sender's system call, so a send here carries the other leg's cost of delivery just as in real runs. */
static int box[2], far[2];
static struct sockaddr_in box_addr[2], far_addr[2];
static int udp(struct sockaddr_in *a)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    socklen_t n = sizeof *a;
    *a = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    bind(fd, (struct sockaddr *)a, sizeof *a);
    getsockname(fd, (struct sockaddr *)a, &n);
    return fd;
}
static double udp_cost(void)
{
    double r[REPS];
    uint8_t p[1500];
    memset(p, 1, sizeof p);
    for (int k = 0; k < 2; k++) {
        box[k] = udp(&box_addr[k]);
        far[k] = udp(&far_addr[k]);
    }
    for (int k = 0; k < REPS; k++) {
        double spent = 0;
        for (int i = 0; i < FRAMES; i++) {
            sendto(far[0], p, 97, 0, (struct sockaddr *)&box_addr[0], sizeof box_addr[0]);
            sendto(far[1], p, 172, 0, (struct sockaddr *)&box_addr[1], sizeof box_addr[1]);
            double t = cpu();
            recv(box[0], p, sizeof p, 0);
            sendto(box[1], p, 172, 0, (struct sockaddr *)&far_addr[1], sizeof far_addr[1]);
            recv(box[1], p, sizeof p, 0);
            sendto(box[0], p, 97, 0, (struct sockaddr *)&far_addr[0], sizeof far_addr[0]);
            spent += cpu() - t;
            recv(far[0], p, sizeof p, 0);
            recv(far[1], p, sizeof p, 0);
        }
        r[k] = spent / (FRAMES / 50.0);
    }
    qsort(r, REPS, sizeof *r, order);
    printf("%-66s %8.3f ms per call-second  (min %.3f max %.3f)\n", "UDP loopback, 2 recv + 2 sendto per 20 ms", r[REPS / 2], r[0], r[REPS - 1]);
    return r[REPS / 2];
}

int main(int argc, char **argv)
{
    FILE *f = fopen(argc > 1 ? argv[1] : "speech48.wav", "rb");
    uint8_t head[44];
    if (!f || fread(head, 1, 44, f) != 44) { fprintf(stderr, "usage: floor speech48.wav\n"); return 2; }
    size_t n = fread(pcm48, 2, FRAMES * 960, f);
    fclose(f);
    for (size_t i = n; n && i < FRAMES * 960; i++)
        pcm48[i] = pcm48[i % n];
    for (int i = 0; i < FRAMES * 160; i++) {      /* box filter is enough for a cost measurement */
        int s = 0;
        for (int k = 0; k < 6; k++) s += pcm48[i * 6 + k];
        pcm8[i] = (int16_t)(s / 6);
    }
    for (int u = 0; u < 256; u++) {
        int c = ~u & 0xff, v = (((c & 15) << 3) + 132) << ((c >> 4) & 7);
        from_ulaw[u] = (int16_t)(c & 0x80 ? 132 - v : v - 132);
    }
    for (int s = 0; s < 65536; s++) {
        int best = 0, v = (int16_t)s;
        for (int u = 0; u < 256; u++)
            if (abs(from_ulaw[u] - v) < abs(from_ulaw[best] - v)) best = u;
        to_ulaw[s] = (uint8_t)best;
    }
    srtp_init();
    printf("libopus %s\n", opus_get_version_string());
    double e9 = encoder(8000, 1, 9, 24000, "Opus encode 8 kHz mono VOIP 24 kbit/s complexity 9");
    encoder(8000, 1, 10, 24000, "Opus encode 8 kHz mono VOIP 24 kbit/s complexity 10");
    double e5 = encoder(8000, 1, 5, 24000, "Opus encode 8 kHz mono VOIP 24 kbit/s complexity 5");
    encoder(8000, 1, 0, 24000, "Opus encode 8 kHz mono VOIP 24 kbit/s complexity 0");
    encoder(8000, 1, 0, 32000, "Opus encode 8 kHz mono VOIP 32 kbit/s complexity 0");
    encoder(48000, 2, 10, 32000, "Opus encode 48 kHz stereo 32 kbit/s complexity 10 (rtpengine's way)");
    encoder(48000, 1, 10, 32000, "Opus encode 48 kHz mono 32 kbit/s complexity 10");
    encoder(48000, 1, 9, 32000, "(browser's stream: 48 kHz mono 32 kbit/s complexity 9)");
    memcpy(browser, packets, sizeof browser);
    memcpy(browser_len, packets_len, sizeof browser_len);
    double d8 = decoder(8000, "Opus decode of the browser's stream straight to 8 kHz");
    decoder(48000, "Opus decode of the browser's stream to 48 kHz");
    double u = measure("mu-law 160 samples each way", ulaw);
    double s = srtp_cost(0, "SRTP AES128-CM/HMAC-SHA1-80 protect + unprotect, libsrtp2 (NSS)");
    srtp_cost(1, "SRTP AES128-GCM protect + unprotect, libsrtp2 (NSS)");
    ctr = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(ctr, EVP_aes_128_ctr(), NULL, (const uint8_t *)"0123456789abcdef", NULL);
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    mac_base = EVP_MAC_CTX_new(mac);
    OSSL_PARAM par[2] = { OSSL_PARAM_construct_utf8_string("digest", "SHA1", 0), OSSL_PARAM_construct_end() };
    EVP_MAC_init(mac_base, (const uint8_t *)"0123456789abcdefghij", 20, par);
    double ev = measure("same work by OpenSSL EVP: 2 x (AES-CTR + HMAC-SHA1)", evp_pair);
    double net = udp_cost();
    printf("%-66s %8.1f us of CPU\n", "one sleep of 0.25 ms between two frames; in no sum below", sleep_cost());
    double srtp = ev < s ? ev : s;
    printf("FLOOR transcoding, complexity 9: %.3f   complexity 5: %.3f   passthrough (no codec): %.3f ms per call-second\n",
           e9 + d8 + u + srtp + net, e5 + d8 + u + srtp + net, srtp + net);
    return 0;
}
