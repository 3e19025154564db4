namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>Whether the slave is the one that the configuration means: by registers of its profile, or by function 43 where the profile names none.</summary>
sealed class ModbusIdentityCheck(string wanted, ModbusRequest? registers, ModbusIdentity? where)
{
    /// <summary>Answers of function 43 to one identification.</summary>
    const int AnswersMax = 8;

    readonly SortedDictionary<byte, string> objects = [];
    byte next;

    /// <summary>Questions still to ask: one at a time, since only the answer says whether more follows.</summary>
    public int Left { get; private set; } = 1;

    /// <summary>Why its values are not taken; null while there is no reason.</summary>
    public string? Complaint { get; private set; }

    public byte[] Question => registers is { } request ? ModbusPdu.Read(request) : ModbusIdentification.Ask(next);

    /// <param name="anew">Who answers now may be another one.</param>
    public void Begin(bool anew)
    {
        if (!anew && Left == 0 && Complaint is null)
            return;
        objects.Clear();
        (Left, next, Complaint) = (1, 0, null);
    }

    public void Take(ReadOnlySpan<byte> pdu)
    {
        if (registers is not null)
        {
            Judge(where!.Read(pdu[ModbusPdu.PayloadAt..]));
            return;
        }

        var found = ModbusIdentification.Read(pdu, out var more);
        foreach (var (number, value) in found)
            objects[number] = value;
        if (more is { } following && following > next && following < AnswersMax)
            next = following;
        else
            Judge(ModbusIdentification.Fingerprint(objects));
    }

    public void Refuse() =>
        (Left, Complaint) = (0, "it does not say who it is: leave fingerprint out, or use a profile that names its identity registers.");

    void Judge(string found)
    {
        Left = 0;
        if (found != wanted)
            Complaint = Fingerprint.Other(found.Length > 0 ? found : "one without a name", wanted);
    }
}
