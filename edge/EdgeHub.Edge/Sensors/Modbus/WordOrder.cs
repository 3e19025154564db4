namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>
/// Order of the bytes of a value on the wire, A the highest. Named after 32 bits; of 16 bits it swaps the two bytes or does not,
/// of 64 bits the words (and, within them, the bytes) follow the same rule.
/// </summary>
public enum WordOrder
{
    /// <summary>High word first, high byte first: what the specification says.</summary>
    Abcd,

    /// <summary>Low word first.</summary>
    Cdab,

    /// <summary>High word first, bytes swapped.</summary>
    Badc,

    /// <summary>Low byte first throughout.</summary>
    Dcba,
}
