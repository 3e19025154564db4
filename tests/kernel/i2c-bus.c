/* /dev/i2c-N out of a process, by CUSE without a library: parts with a file of 256 registers, whose address moves on with each byte.
   A part that knows commands instead of registers is one too, where the answer to command C is what stands at C.
   Serves what System.Device.I2c and a scan use: I2C_FUNCS, I2C_SLAVE, I2C_RDWR, read and write. An absent part is ENXIO, as on real adapters.
   Usage: i2c-bus N FIFO     lines on FIFO: "set ADDRESS REGISTER BYTES", "gone ADDRESS", "back ADDRESS", all hexadecimal */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PARTS = 128, OPENINGS = 64, REQUEST_MAX = 1 << 20, TRANSFER_MAX = 65536 };

static struct part {
    int wired, gone;
    unsigned char at, registers[256];
} parts[PARTS];
static unsigned address_of[OPENINGS];
static int cuse;

static void answer(__u64 id, int error, const void *head, size_t head_size, const void *body, size_t body_size)
{
    struct fuse_out_header out = { sizeof out + head_size + body_size, error, id };
    struct iovec all[] = { { &out, sizeof out }, { (void *)head, head_size }, { (void *)body, body_size } };
    if (writev(cuse, all, 3) < 0)
        perror("answer");
}

static void done(__u64 id, int result, const void *data, size_t size)
{
    struct fuse_ioctl_out out = { .result = result };
    answer(id, 0, &out, sizeof out, data, size);
}

/* "Ask again, and bring this memory of the caller": the kernel copies it. */
static void again(__u64 id, const struct fuse_ioctl_iovec *memory, int in, int out)
{
    struct fuse_ioctl_out head = { .flags = FUSE_IOCTL_RETRY, .in_iovs = in, .out_iovs = out };
    answer(id, 0, &head, sizeof head, memory, (in + out) * sizeof *memory);
}

static struct part *find(unsigned address)
{
    return address < PARTS && parts[address].wired && !parts[address].gone ? &parts[address] : NULL;
}

static void write_to(struct part *part, const unsigned char *bytes, size_t count)
{
    if (count > 0)
        part->at = bytes[0];
    for (size_t i = 1; i < count; i++)
        part->registers[part->at++] = bytes[i];
}

static void read_from(struct part *part, unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = part->registers[part->at++];
}

/* The data that came: the request, its messages, the bytes of each message that writes. */
static void transfer(__u64 id, const struct fuse_ioctl_in *in, const unsigned char *data)
{
    static unsigned char read[TRANSFER_MAX];
    struct fuse_ioctl_iovec memory[2 + I2C_RDWR_IOCTL_MAX_MSGS] = { { in->arg, sizeof(struct i2c_rdwr_ioctl_data) } };
    struct i2c_rdwr_ioctl_data request;
    struct i2c_msg messages[I2C_RDWR_IOCTL_MAX_MSGS];
    size_t wanted = sizeof request, given = 0;
    int ins = 1, outs = 0;

    if (in->in_size < wanted)
        return again(id, memory, ins, outs);
    memcpy(&request, data, sizeof request);
    if (request.nmsgs > I2C_RDWR_IOCTL_MAX_MSGS)
        return done(id, -EINVAL, NULL, 0);
    memory[ins++] = (struct fuse_ioctl_iovec){ (unsigned long)request.msgs, request.nmsgs * sizeof *messages };
    wanted += request.nmsgs * sizeof *messages;
    if (in->in_size < wanted)
        return again(id, memory, ins, outs);
    memcpy(messages, data + sizeof request, request.nmsgs * sizeof *messages);

    const unsigned char *written = data + wanted;
    for (int reads = 0; reads < 2; reads++)
        for (unsigned i = 0; i < request.nmsgs; i++)
            if (!(messages[i].flags & I2C_M_RD) == !reads) {
                memory[ins + outs] = (struct fuse_ioctl_iovec){ (unsigned long)messages[i].buf, messages[i].len };
                *(reads ? &outs : &ins) += 1;
                *(reads ? &given : &wanted) += messages[i].len;
            }
    if (given > sizeof read)
        return done(id, -EINVAL, NULL, 0);
    if (in->in_size < wanted || in->out_size < given)
        return again(id, memory, ins, outs);

    unsigned char *next = read;
    for (unsigned i = 0; i < request.nmsgs; i++) {
        struct part *part = find(messages[i].addr);
        if (part == NULL)
            return done(id, -ENXIO, NULL, 0);
        if (messages[i].flags & I2C_M_RD) {
            read_from(part, next, messages[i].len);
            next += messages[i].len;
        } else {
            write_to(part, written, messages[i].len);
            written += messages[i].len;
        }
    }
    done(id, request.nmsgs, read, given);
}

static void control_device(__u64 id, const struct fuse_ioctl_in *in, const unsigned char *data)
{
    const unsigned long functions = I2C_FUNC_I2C;
    const struct fuse_ioctl_iovec memory = { in->arg, sizeof functions };
    switch (in->cmd) {
    case I2C_SLAVE:
        address_of[in->fh] = in->arg;
        return done(id, 0, NULL, 0);
    case I2C_FUNCS:
        return in->out_size < sizeof functions ? again(id, &memory, 0, 1) : done(id, 0, &functions, sizeof functions);
    case I2C_RDWR:
        return transfer(id, in, data);
    default:
        return answer(id, -ENOTTY, NULL, 0, NULL, 0);
    }
}

static void serve(struct fuse_in_header *in, const char *name)
{
    static unsigned openings;
    static unsigned char bytes[TRANSFER_MAX];
    void *body = in + 1;
    switch (in->opcode) {
    case CUSE_INIT: {
        const struct cuse_init_out out = { .major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .flags = CUSE_UNRESTRICTED_IOCTL, .max_read = TRANSFER_MAX, .max_write = TRANSFER_MAX };
        return answer(in->unique, 0, &out, sizeof out, name, strlen(name) + 1);
    }
    case FUSE_OPEN: {
        const struct fuse_open_out out = { .fh = openings++ % OPENINGS, .open_flags = FOPEN_DIRECT_IO | FOPEN_NONSEEKABLE };
        return answer(in->unique, 0, &out, sizeof out, NULL, 0);
    }
    case FUSE_RELEASE:
    case FUSE_FLUSH:
        return answer(in->unique, 0, NULL, 0, NULL, 0);
    case FUSE_INTERRUPT:
        return;
    case FUSE_IOCTL:
        return control_device(in->unique, body, (unsigned char *)body + sizeof(struct fuse_ioctl_in));
    case FUSE_READ: {
        const struct fuse_read_in *read = body;
        struct part *part = find(address_of[read->fh]);
        if (part == NULL || read->size > sizeof bytes)
            return answer(in->unique, -ENXIO, NULL, 0, NULL, 0);
        read_from(part, bytes, read->size);
        return answer(in->unique, 0, bytes, read->size, NULL, 0);
    }
    case FUSE_WRITE: {
        const struct fuse_write_in *write = body;
        const struct fuse_write_out out = { .size = write->size };
        struct part *part = find(address_of[write->fh]);
        if (part == NULL)
            return answer(in->unique, -ENXIO, NULL, 0, NULL, 0);
        write_to(part, (unsigned char *)(write + 1), write->size);
        return answer(in->unique, 0, &out, sizeof out, NULL, 0);
    }
    default:
        return answer(in->unique, -ENOSYS, NULL, 0, NULL, 0);
    }
}

static void obey(const char *line)
{
    unsigned address, reg, byte;
    char bytes[600];
    int length;
    if (sscanf(line, "set %x %x %599s", &address, &reg, bytes) == 3 && address < PARTS) {
        parts[address].wired = 1;
        for (const char *next = bytes; sscanf(next, "%2x%n", &byte, &length) == 1; next += length)
            parts[address].registers[reg++ & 0xFF] = byte;
    } else if (sscanf(line, "gone %x", &address) == 1 && address < PARTS)
        parts[address].gone = 1;
    else if (sscanf(line, "back %x", &address) == 1 && address < PARTS)
        parts[address].gone = 0;
    else
        fprintf(stderr, "i2c-bus: what is this? %s", line);
}

int main(int count, char **arguments)
{
    static char request[REQUEST_MAX] __attribute__((aligned(8)));
    char name[40], line[700];
    if (count != 3)
        return 2;
    snprintf(name, sizeof name, "DEVNAME=i2c-%s", arguments[1]);
    mkfifo(arguments[2], 0600);
    FILE *orders = fopen(arguments[2], "r+");
    cuse = open("/dev/cuse", O_RDWR);
    if (orders == NULL || cuse < 0) {
        perror("i2c-bus");
        return 1;
    }
    setvbuf(orders, NULL, _IONBF, 0);
    for (;;) {
        struct pollfd either[] = { { cuse, POLLIN, 0 }, { fileno(orders), POLLIN, 0 } };
        if (poll(either, 2, -1) < 0)
            return 1;
        if (either[1].revents && fgets(line, sizeof line, orders))
            obey(line);
        if (!either[0].revents)
            continue;
        if (read(cuse, request, sizeof request) >= 0)
            serve((struct fuse_in_header *)request, name);
        else if (errno != EINTR && errno != EAGAIN && errno != ENOENT) {
            perror("i2c-bus");
            return 1;
        }
    }
}
