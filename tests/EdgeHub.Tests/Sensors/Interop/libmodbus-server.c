/* A Modbus server that is not ours: libmodbus with known registers. Argument: a port of 127.0.0.1.
   Holding registers count up from 0x1000; input registers hold the float 230.1 in each of the four word orders from 0;
   bit n is set when n is a multiple of 3. Asked beyond these it answers with exception 2. Prints "ready" once it listens. */
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    modbus_t *modbus = modbus_new_tcp("127.0.0.1", argc > 1 ? atoi(argv[1]) : 0);
    modbus_mapping_t *map = modbus_mapping_new(64, 64, 200, 64);
    /* 4366199A by hand: what modbus_set_float_abcd and its kin make depends on the version and the machine. */
    static const uint16_t floats[8] = {0x4366, 0x199A, 0x199A, 0x4366, 0x6643, 0x9A19, 0x9A19, 0x6643};
    if (!modbus || !map)
        return 1;
    for (int i = 0; i < 64; i++)
    {
        map->tab_bits[i] = i % 3 == 0;
        map->tab_input_bits[i] = i % 2;
    }
    for (int i = 0; i < 200; i++)
        map->tab_registers[i] = 0x1000 + i;
    for (int i = 0; i < 8; i++)
        map->tab_input_registers[i] = floats[i];
    int listener = modbus_tcp_listen(modbus, 1);
    if (listener < 0)
        return 1;
    printf("ready\n");
    fflush(stdout);
    for (;;)
    {
        uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
        if (modbus_tcp_accept(modbus, &listener) < 0)
            return 1;
        for (int length; (length = modbus_receive(modbus, query)) >= 0;)
            if (length > 0)
                modbus_reply(modbus, query, length, map);
        modbus_close(modbus);
    }
}
