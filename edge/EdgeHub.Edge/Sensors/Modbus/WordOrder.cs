namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>Order of the four bytes of a 32-bit value on the wire, A the highest.</summary>
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
