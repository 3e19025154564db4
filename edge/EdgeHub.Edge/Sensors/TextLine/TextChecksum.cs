namespace EdgeHub.Edge.Sensors.TextLine;

/// <summary>What stands as hexadecimal digits behind the last <c>*</c> of a line, over everything before it.</summary>
public enum TextChecksum
{
    None,

    /// <summary>All bytes xor-ed, two digits.</summary>
    Xor,

    /// <summary>The low byte of their sum, two digits.</summary>
    Sum8,

    /// <summary>CRC-16 as Modbus has it (initial FFFF, polynomial A001), four digits, high byte first.</summary>
    Crc16,
}
