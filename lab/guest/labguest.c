/*
 * labguest - the one process that matters inside the tiny lab guest.
 *
 *  - prints a heartbeat line on the console every second;
 *  - dirties memory at a tunable rate over a tunable working set, and CHECKS every page before it overwrites it, so that a
 *    page that was lost or went stale during a migration is counted (errs=);
 *  - keeps an incrementing, self-verifying counter on every virtio disk that was blank at first sight (vda=COUNT/ERRORS);
 *  - answers one-line commands on the console, on the virtio-serial port "lab.ctl" and on TCP port 7000.
 *
 * Commands, optionally preceded by a tag "@NUMBER " that is repeated in front of the one-line reply:
 *   ping | stat | verify | dirty WS_MIB RATE_MIBPS [r|c|d] | stop | sh COMMAND...
 *   (RATE 0 = as fast as possible, -1 = none; r = random pages, c = compressible, d = small delta per page)
 * The output of `sh` is escaped: \n for a line feed, \\ for a backslash.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define WORDS (PAGE / 8)
#define RECENT 64 /* counts that are checked when a disk is found */
#define RING 1024 /* disk counter: ring of sectors behind sector 0 */
#define DISKS 16
#define MAGIC 0x4c41424755455354ull

typedef unsigned long long ull;

static char name[64] = "guest", boot[40] = "-";
static pthread_mutex_t wslock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t *ws;            /* the working set */
static long ws_pages, rate_pps; /* pages, pages per second (0 = unlimited, -1 = stopped) */
static char kind = 'r';
static uint64_t gen, cursor, dirtied; /* pages < cursor carry gen, the others gen-1 */
static uint64_t errs, seq;

static struct disk {
    char dev[32];
    int used, fd;
    uint64_t n, errs, size, ticks;
} disks[DISKS];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* ---------------------------------------------------------------- memory */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 33; x *= 0xff51afd7ed558ccdull;
    x ^= x >> 33; x *= 0xc4ceb9fe1a85ec53ull;
    return x ^ x >> 33;
}

static uint64_t word(char k, uint64_t idx, uint64_t g, int w)
{
    switch (k) {
    case 'c': return mix(idx * 31 + g);                                  /* one repeated word: compresses well */
    case 'd': return w < 8 ? mix(idx * 31 + g) + w : mix(idx * 4099 + w); /* 64 bytes change per pass */
    default: return (mix(idx * 31 + g) + w) * 0x9e3779b97f4a7c15ull;     /* not compressible */
    }
}

static void fill(uint64_t *p, uint64_t idx, uint64_t g)
{
    uint64_t b = mix(idx * 31 + g);
    p[0] = MAGIC ^ idx;
    p[1] = g;
    if (kind == 'r') for (int w = 2; w < WORDS; w++) p[w] = (b + w) * 0x9e3779b97f4a7c15ull;
    else if (kind == 'c') for (int w = 2; w < WORDS; w++) p[w] = b;
    else for (int w = 2; w < (g == 0 ? WORDS : 8); w++) p[w] = word('d', idx, g, w);
}

static int check(uint64_t *p, uint64_t idx, uint64_t g, int step)
{
    if (p[0] != (MAGIC ^ idx) || p[1] != g) return 0;
    for (int w = 2; w < WORDS; w += step) if (p[w] != word(kind, idx, g, w)) return 0;
    return 1;
}

static int setup(long mib, long mibps, char k)
{
    int ok = 1;
    pthread_mutex_lock(&wslock);
    if (ws) munmap(ws, ws_pages * PAGE);
    ws = NULL;
    ws_pages = mib * 256;
    kind = k;
    gen = 1;
    cursor = 0;
    if (ws_pages) {
        ws = mmap(NULL, ws_pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (ws == MAP_FAILED) { ws = NULL; ws_pages = 0; ok = 0; }
        for (long i = 0; i < ws_pages; i++) fill(ws + i * WORDS, i, 0);
    }
    rate_pps = mibps < 0 ? -1 : mibps * 256;
    pthread_mutex_unlock(&wslock);
    return ok;
}

static void *dirtier(void *arg)
{
    double next = now();
    (void)arg;
    for (;;) {
        pthread_mutex_lock(&wslock);
        if (!ws_pages || rate_pps < 0) { pthread_mutex_unlock(&wslock); usleep(50000); next = now(); continue; }
        long batch = rate_pps ? (rate_pps + 49) / 50 : 64, done = 0;
        for (; done < batch; done++) {
            uint64_t *p = ws + cursor * WORDS;
            if (!check(p, cursor, gen - 1, 101)) errs++;
            fill(p, cursor, gen);
            dirtied++;
            if (++cursor == (uint64_t)ws_pages) { cursor = 0; gen++; }
        }
        long pps = rate_pps;
        pthread_mutex_unlock(&wslock);
        if (!pps) { sched_yield(); continue; }
        next += (double)done / pps;
        double d = next - now();
        if (d > 0) usleep(d * 1e6); else if (d < -1) next = now();
    }
    return NULL;
}

static long verify(void)
{
    long bad = 0;
    pthread_mutex_lock(&wslock);
    for (long i = 0; i < ws_pages; i++) if (!check(ws + i * WORDS, i, (uint64_t)i < cursor ? gen : gen - 1, 1)) bad++;
    pthread_mutex_unlock(&wslock);
    return bad;
}

/* ---------------------------------------------------------------- disks (main thread only) */
static uint64_t *sector(void)
{
    static void *b;
    if (!b && posix_memalign(&b, 4096, 4096)) abort();
    return b;
}

static uint64_t disk_size(const char *dev)
{
    char p[64];
    ull sectors = 0;
    snprintf(p, sizeof p, "/sys/block/%s/size", dev);
    FILE *f = fopen(p, "r");
    if (f) { if (fscanf(f, "%llu", &sectors) != 1) sectors = 0; fclose(f); }
    return sectors * 512;
}

static off_t slot(uint64_t n) { return (8 + n % RING) * 512; }

static void disk_open(struct disk *k, const char *dev)
{
    char p[64];
    uint64_t *s = sector();
    memset(k, 0, sizeof *k);
    k->used = 1;
    snprintf(k->dev, sizeof k->dev, "%s", dev);
    k->size = disk_size(dev);
    snprintf(p, sizeof p, "/dev/%s", dev);
    k->fd = open(p, O_RDWR | O_DIRECT | O_SYNC);
    if (k->fd >= 0) {
        int zero = 1, ok = pread(k->fd, s, 512, 0) == 512;
        for (int i = 0; ok && i < 64; i++) if (s[i]) zero = 0;
        if (ok && !zero && s[0] == MAGIC) {
            k->n = s[1];
            for (uint64_t n = k->n > RECENT ? k->n - RECENT + 1 : 1; n <= k->n; n++)
                if (pread(k->fd, s, 512, slot(n)) != 512 || s[0] != MAGIC || s[1] != n) k->errs++;
        }
        else if (!ok || !zero) { close(k->fd); k->fd = -1; } /* somebody's data: hands off */
    }
    printf("DISK+ %s size=%llu mode=%s n=%llu\n", dev, (ull)k->size, k->fd < 0 ? "none" : "raw", (ull)k->n);
}

static void disk_scan(void)
{
    int seen[DISKS] = {0};
    struct dirent *e;
    DIR *d = opendir("/sys/block");
    while (d && (e = readdir(d))) {
        if (strncmp(e->d_name, "vd", 2)) continue;
        int slot = -1, unused = -1;
        for (int i = 0; i < DISKS; i++) {
            if (disks[i].used && !strcmp(disks[i].dev, e->d_name)) slot = i;
            else if (!disks[i].used && unused < 0) unused = i;
        }
        if (slot < 0 && unused >= 0) disk_open(&disks[slot = unused], e->d_name);
        if (slot >= 0) seen[slot] = 1;
    }
    if (d) closedir(d);
    for (int i = 0; i < DISKS; i++) {
        if (!disks[i].used || seen[i]) continue;
        printf("DISK- %s\n", disks[i].dev);
        if (disks[i].fd >= 0) close(disks[i].fd);
        disks[i].used = 0;
    }
}

static void disk_tick(struct disk *k)
{
    uint64_t *q = sector(), size = disk_size(k->dev), n = k->n + 1, want = n > RING ? n - RING : 0;
    off_t at = slot(n); /* must still hold what we wrote RING ticks ago */
    if (size != k->size) printf("DISK~ %s size=%llu\n", k->dev, (ull)(k->size = size));
    if (k->fd < 0) return;
    if (pread(k->fd, q, 512, at) != 512) { k->errs++; return; }
    int cut_off = !k->ticks++ && q[0] == MAGIC && q[1] == n; /* it was powered off between the two writes below */
    if (!cut_off && (want ? (q[0] != MAGIC || q[1] != want) : (q[0] == MAGIC && q[1] >= n))) k->errs++;
    memset(q, 0, 512);
    q[0] = MAGIC;
    q[1] = n;
    if (pwrite(k->fd, q, 512, at) != 512 || pwrite(k->fd, q, 512, 0) != 512) { k->errs++; return; }
    k->n = n;
}

/* ---------------------------------------------------------------- commands */
static int status(char *b, int n)
{
    int l = snprintf(b, n, "seq=%llu name=%s boot=%s up=%.2f ws=%ld rate=%ld kind=%c dirtied=%llu gen=%llu errs=%llu",
        (ull)seq, name, boot, now(), ws_pages / 256, rate_pps < 0 ? -1 : rate_pps / 256, kind, (ull)dirtied / 256,
        (ull)gen, (ull)errs);
    for (int i = 0; i < DISKS && l < n; i++)
        if (disks[i].used && disks[i].fd >= 0)
            l += snprintf(b + l, n - l, " %s=%llu/%llu", disks[i].dev, (ull)disks[i].n, (ull)disks[i].errs);
    return l < n ? l : n - 1;
}

static int shell(const char *cmd, char *b, int n)
{
    int c, l = 0;
    FILE *p = popen(cmd, "r");
    if (!p) return snprintf(b, n, "sh rc=-1 out=");
    char *text = b + 32; /* the exit code is known last, but printed first */
    while ((c = getc(p)) != EOF) {
        if (l >= n - 40 || c == '\r') continue;
        if (c == '\n' || c == '\\') text[l++] = '\\';
        text[l++] = c == '\n' ? 'n' : c;
    }
    int status = pclose(p), head = snprintf(b, 32, "sh rc=%d out=", status >> 8);
    memmove(b + head, text, l);
    return head + l;
}

static void command(char *line, int fd)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    static char out[8192];
    int l = 0, n = sizeof out - 2;
    long a = 0, r = 0;
    char k = kind;
    line[strcspn(line, "\r\n")] = 0;
    pthread_mutex_lock(&one);
    if (*line == '@') {
        char *sp = strchr(line, ' ');
        if (sp) { *sp = 0; l = snprintf(out, 32, "%.20s ", line); line = sp + 1; }
    }
    char *o = out + l;
    n -= l;
    if (!strcmp(line, "ping")) l += snprintf(o, n, "pong %llu", (ull)seq);
    else if (!strcmp(line, "stat")) { l += snprintf(o, n, "stat "); l += status(o + 5, n - 5); }
    else if (!strcmp(line, "verify")) {
        long bad = verify();
        l += snprintf(o, n, "verify %s bad=%ld pages=%ld errs=%llu boot=%s", bad || errs ? "FAIL" : "ok", bad, ws_pages,
            (ull)errs, boot);
    } else if (!strcmp(line, "stop")) {
        pthread_mutex_lock(&wslock);
        rate_pps = -1;
        pthread_mutex_unlock(&wslock);
        l += snprintf(o, n, "stop ok");
    } else if (sscanf(line, "dirty %ld %ld %c", &a, &r, &k) >= 2) {
        int ok = setup(a, r, k);
        l += snprintf(o, n, "dirty %s ws=%ld rate=%ld kind=%c", ok ? "ok" : "FAIL", a, r, k);
    } else if (!strncmp(line, "sh ", 3)) l += shell(line + 3, o, n);
    else l += snprintf(o, n, "unknown command: %.200s", line);
    out[l++] = '\n';
    for (int w = 0, done = 0; done < l; done += w) if ((w = write(fd, out + done, l - done)) <= 0) break;
    pthread_mutex_unlock(&one);
}

static void *net_server(void *arg)
{
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1, c;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(7000)};
    (void)arg;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (s < 0 || bind(s, (void *)&a, sizeof a) || listen(s, 16)) return NULL;
    for (;;) {
        if ((c = accept(s, 0, 0)) < 0) { sleep(1); continue; }
        char b[4096];
        FILE *f = fdopen(c, "r");
        while (f && fgets(b, sizeof b, f)) command(b, c);
        if (f) fclose(f);
    }
    return NULL;
}

static void *stream_server(void *arg) /* console, or a virtio-serial port */
{
    int fd = (int)(long)arg, l = 0;
    char b[4096], *nl;
    for (;;) {
        ssize_t n = read(fd, b + l, sizeof b - 1 - l);
        if (n <= 0) { usleep(200000); continue; } /* host side not connected */
        l += n;
        b[l] = 0;
        while ((nl = strpbrk(b, "\r\n"))) {
            *nl = 0;
            if (*b) command(b, fd == 0 ? 1 : fd);
            l -= nl + 1 - b;
            memmove(b, nl + 1, l + 1);
        }
        if (l >= (int)sizeof b - 1) l = 0;
    }
    return NULL;
}

static void console_raw(void) /* no echo: an echoed command must not look like its reply */
{
    struct termios t;
    if (tcgetattr(0, &t)) return;
    cfmakeraw(&t);
    tcsetattr(0, TCSANOW, &t);
}

int main(int argc, char **argv)
{
    pthread_t t;
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (f) { if (fscanf(f, "%39s", boot) != 1) strcpy(boot, "-"); fclose(f); }
    if (argc > 1) snprintf(name, sizeof name, "%s", argv[1]);
    long mib = argc > 2 ? atol(argv[2]) : 0, rate = argc > 3 ? atol(argv[3]) : -1;
    console_raw();
    setvbuf(stdout, NULL, _IOLBF, 0);
    int ok = setup(mib, rate, argc > 4 ? argv[4][0] : 'r');
    printf("LABGUEST READY name=%s boot=%s up=%.2f ws=%ld%s\n", name, boot, now(), ws_pages / 256, ok ? "" : " ws-FAIL");
    pthread_create(&t, NULL, dirtier, NULL);
    pthread_create(&t, NULL, stream_server, (void *)0L);
    const char *port = getenv("LAB_CTL");
    int fd = port && *port ? open(port, O_RDWR) : -1;
    if (fd >= 0) pthread_create(&t, NULL, stream_server, (void *)(long)fd);
    pthread_create(&t, NULL, net_server, NULL);
    for (;; seq++) {
        char b[1024];
        disk_scan();
        for (int i = 0; i < DISKS; i++) if (disks[i].used) disk_tick(&disks[i]);
        status(b, sizeof b);
        printf("HB %s\n", b);
        usleep(1000000);
    }
}
