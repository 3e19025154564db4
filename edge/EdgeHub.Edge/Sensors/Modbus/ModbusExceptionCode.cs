namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The exception codes of Modbus Application Protocol V1.1b3, 7.</summary>
public static class ModbusExceptionCode
{
    public const byte IllegalAddress = 2;

    const byte Acknowledge = 5;
    const byte Busy = 6;

    /// <summary>"Not now" rather than "no": the same question may be answered a moment later.</summary>
    public static bool IsPassing(byte code) => code is Acknowledge or Busy;

    /// <summary>What a code says and what to do.</summary>
    public static string Explain(byte code) => code switch
    {
        1 => "it does not know this function (exception 1): the profile's function does not fit this model.",
        IllegalAddress => "it has no such register (exception 2): the profile does not fit this model.",
        3 => "it refuses the number of registers (exception 3): lower countMax in the profile.",
        4 => "it reports a failure of its own (exception 4): check or replace the instrument.",
        Acknowledge => "it has accepted and needs time (exception 5); it is asked again.",
        Busy => "it is busy (exception 6); it is asked again.",
        8 => "it reports a memory parity error (exception 8): replace the instrument.",
        10 or 11 => $"a gateway on the way does not reach it (exception {code}): check the gateway and its wiring.",
        _ => $"it answers with exception {code}: look it up in its manual.",
    };
}
